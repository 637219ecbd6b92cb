"""What the Python contestants share: a task line in, a line of JSON out."""
import json
import resource
import sys
import time

import numpy as np


def serve(fit):
    """Calls `fit` for each task line of the standard input (workloads.mjs says what is in one) and prints how long it took."""
    for line in sys.stdin:
        _name, N, D, K, kind, iterations, data, start = line.split()
        N, D, K, iterations = int(N), int(D), int(K), int(iterations)
        x = np.fromfile(data).reshape(N, D)
        weights, means, covariances = np.split(np.fromfile(start), [K, K + K * D])
        start = weights, means.reshape(K, D), covariances.reshape(-1, D, D)
        seconds, cpu_seconds, result = median_seconds(lambda: fit(x, *start, kind, iterations))
        parameters = np.concatenate([np.ravel(part) for part in result])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        answer = {"seconds": seconds, "cpuSeconds": cpu_seconds, "parameters": parameters.tolist(), "peakMegabytes": peak}
        print(json.dumps(answer), flush=True)


def median_seconds(work):
    """Runs work again and again for about a second, and at least once: the median, and the least time on all processors."""
    times, cpu_times = [], []
    while sum(times) < 1:
        begin, cpu = time.perf_counter(), time.process_time()
        result = work()
        times.append(time.perf_counter() - begin)
        cpu_times.append(time.process_time() - cpu)
    return sorted(times)[len(times) // 2], min(cpu_times), result
