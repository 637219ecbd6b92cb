"""Spark MLlib's Gaussian mixture on rows as bench/engines.mjs makes them: seconds for one EM step.

Its start cannot be given, so the time of a step is the difference between two numbers of steps.
"""

import json
import sys
import time

from pyspark.ml.clustering import GaussianMixture
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import SparkSession, functions

rows, columns, components, steps = (int(float(argument)) for argument in sys.argv[1:])
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.memory", "4g")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
frame = spark.range(rows)
for j in range(columns):
    noise = functions.randn(j + 1)
    frame = frame.withColumn(f"x{j}", (3 + j) * (functions.col("id") % components) + noise)
names = [f"x{j}" for j in range(columns)]
data = VectorAssembler(inputCols=names, outputCol="features").transform(frame).select("features").cache()
data.count()


def seconds(iterations):
    begun = time.perf_counter()
    GaussianMixture(k=components, maxIter=iterations, tol=0.0, seed=1).fit(data)
    return time.perf_counter() - begun


seconds(1)
print(json.dumps({"seconds": (seconds(1 + steps) - seconds(1)) / steps}))
spark.stop()
