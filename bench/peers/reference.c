// The same fused pass in C with the widest vectors of the machine and OpenMP: how far the hardware's limit is.
// It answers the task lines that workloads.mjs describes.  cc -O3 -march=native -fopenmp reference.c -lm
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define LANES 8
#define BLOCK 64
#define VECTORS (BLOCK / LANES)
typedef double vec __attribute__((vector_size(8 * LANES)));
typedef long long ints __attribute__((vector_size(8 * LANES)));
#define INLINE static inline __attribute__((always_inline))
#define ALL(x) ((vec){} + (x))

INLINE vec choose(ints mask, vec a, vec b) { return (vec)(((ints)a & mask) | ((ints)b & ~mask)); }
INLINE vec larger(vec a, vec b) { return choose(a > b, a, b); }
INLINE vec smaller(vec a, vec b) { return choose(a < b, a, b); }
INLINE double sum(vec a) { double s = 0; for (int i = 0; i < LANES; i++) s += a[i]; return s; }
INLINE vec magnitude(vec a) { return (vec)((ints)a & 0x7fffffffffffffffLL); }

// e^x for -708 <= x <= 709: x = k ln 2 + r, Taylor to degree 13 on |r| <= ln 2 / 2.
INLINE vec exponential(vec x) {
  x = larger(x, ALL(-708.0));
  vec shifted = x * 1.4426950408889634 + 6755399441055744.0, k = shifted - 6755399441055744.0;
  vec r = (x - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10, r2 = r * r, r4 = r2 * r2;
  vec a = (1.0 + r) + (0.5 + r * (1.0 / 6)) * r2, b = (1.0 / 24 + r * (1.0 / 120)) + (1.0 / 720 + r * (1.0 / 5040)) * r2;
  vec c = (1.0 / 40320 + r * (1.0 / 362880)) + (1.0 / 3628800 + r * (1.0 / 39916800)) * r2, d = 1.0 / 479001600 + r * (1.0 / 6227020800);
  vec e = a + (b + (c + d * r4) * r4) * r4;
  return (vec)((ints)e + ((ints)shifted << 52));
}

typedef struct { int N, D, K, full, size; double *data; double *weights, *means, *covariances; double *factors, *constants; } Model;
typedef struct { vec *L, *d, *t; } Scratch;

// Log-densities L[k][v] to responsibilities; `n` of the block's observations count. Returns the log-likelihood.
static double responsibilities(vec *L, int K, int n) {
  vec top = ALL(0), product = ALL(1);
  for (int v = 0; v < VECTORS; v++) {
    vec m = L[v], s = ALL(0), valid = ALL(1);
    for (int k = 1; k < K; k++) m = larger(m, L[k * VECTORS + v]);
    for (int k = 0; k < K; k++) s += L[k * VECTORS + v] = exponential(L[k * VECTORS + v] - m);
    if (n < BLOCK)
      for (int i = 0; i < LANES; i++) valid[i] = v * LANES + i < n;
    vec inverse = valid / s;
    for (int k = 0; k < K; k++) L[k * VECTORS + v] *= inverse;
    top += m * valid;
    product *= valid * s + (1 - valid);
  }
  double logLikelihood = sum(top);
  for (int i = 0; i < LANES; i++) logLikelihood += log(product[i]);
  return logLikelihood;
}

static double twoNormals(const vec *x, const Model *m, double *out) {
  vec n0 = ALL(0), a0 = n0, s0 = n0, n1 = n0, a1 = n0, s1 = n0, twice = n0, product = ALL(1);
  for (int v = 0; v < VECTORS; v++) {
    vec d0 = x[v] - m->means[0], d1 = x[v] - m->means[1];
    vec l0 = m->constants[0] - 0.5 * m->factors[0] * (d0 * d0), l1 = m->constants[1] - 0.5 * m->factors[1] * (d1 * d1), t = l0 - l1;
    vec q = exponential(smaller(t, ALL(700))), r1 = 1 / (1 + q), r0 = q * r1;
    twice += l0 + l1 + magnitude(t);
    product *= 1 + magnitude(r1 - r0);
    n0 += r0; a0 += r0 * d0; s0 += r0 * d0 * d0;
    n1 += r1; a1 += r1 * d1; s1 += r1 * d1 * d1;
  }
  out[0] += sum(n0); out[1] += sum(a0); out[2] += sum(s0); out[3] += sum(n1); out[4] += sum(a1); out[5] += sum(s1);
  double logs = 0;
  for (int i = 0; i < LANES; i++) logs += log(product[i]);
  return 0.5 * sum(twice) - logs + BLOCK * 0.69314718055994530942;
}

static double diagonal(const vec *x, int n, const Model *m, Scratch s, double *out) {
  int D = m->D, K = m->K;
  for (int k = 0; k < K; k++) {
    vec q[VECTORS] = {};
    for (int j = 0; j < D; j++)
      for (int v = 0; v < VECTORS; v++) { vec d = x[j * VECTORS + v] - m->means[k * D + j]; q[v] += m->factors[k * D + j] * (d * d); }
    for (int v = 0; v < VECTORS; v++) s.L[k * VECTORS + v] = m->constants[k] - 0.5 * q[v];
  }
  double logLikelihood = responsibilities(s.L, K, n);
  for (int k = 0; k < K; k++, out += 1 + 2 * D) {
    vec *r = s.L + k * VECTORS, total = ALL(0);
    for (int v = 0; v < VECTORS; v++) total += r[v];
    out[0] += sum(total);
    for (int j = 0; j < D; j++) {
      vec a = ALL(0), b = ALL(0);
      for (int v = 0; v < VECTORS; v++) { vec d = x[j * VECTORS + v] - m->means[k * D + j], t = d * r[v]; a += t; b += t * d; }
      out[1 + j] += sum(a);
      out[1 + D + j] += sum(b);
    }
  }
  return logLikelihood;
}

// Tiles of `rows` by `columns` products held in registers.
INLINE void squares(const double *w, int D, int i, int rows, const vec *d, vec *q) {
  for (int v = 0; v < VECTORS; v += 4) {
    vec a[4][4] = {};
    for (int j = 0; j < i + rows; j++)
      for (int r = 0; r < rows; r++)
        for (int c = 0; c < 4; c++) a[r][c] += w[(i + r) * D + j] * d[j * VECTORS + v + c];
    for (int r = 0; r < rows; r++)
      for (int c = 0; c < 4; c++) q[v + c] += a[r][c] * a[r][c];
  }
}
INLINE void products(const vec *t, const vec *d, int D, int i, int j, int rows, int columns, double *out) {
  vec a[4][4] = {};
  for (int v = 0; v < VECTORS; v++)
    for (int r = 0; r < rows; r++)
      for (int c = 0; c < columns; c++) a[r][c] += t[(i + r) * VECTORS + v] * d[(j + c) * VECTORS + v];
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++) out[(i + r) * D + j + c] += sum(a[r][c]);
}

static double full(const vec *x, int n, const Model *m, Scratch s, double *out) {
  int D = m->D, K = m->K;
  for (int k = 0; k < K; k++) {
    vec q[VECTORS] = {};
    for (int j = 0; j < D; j++)
      for (int v = 0; v < VECTORS; v++) s.d[j * VECTORS + v] = x[j * VECTORS + v] - m->means[k * D + j];
    int i = 0;
    for (; i + 4 <= D; i += 4) squares(m->factors + k * D * D, D, i, 4, s.d, q);
    for (; i < D; i++) squares(m->factors + k * D * D, D, i, 1, s.d, q);
    for (int v = 0; v < VECTORS; v++) s.L[k * VECTORS + v] = m->constants[k] - 0.5 * q[v];
  }
  double logLikelihood = responsibilities(s.L, K, n);
  for (int k = 0; k < K; k++, out += 1 + D + D * D) {
    vec *r = s.L + k * VECTORS, total = ALL(0);
    for (int v = 0; v < VECTORS; v++) total += r[v];
    out[0] += sum(total);
    for (int j = 0; j < D; j++) {
      vec a = ALL(0);
      for (int v = 0; v < VECTORS; v++) {
        vec d = x[j * VECTORS + v] - m->means[k * D + j], t = d * r[v];
        s.d[j * VECTORS + v] = d; s.t[j * VECTORS + v] = t; a += t;
      }
      out[1 + j] += sum(a);
    }
    int i = 0;
    for (; i + 4 <= D; i += 4)
      for (int j = 0; j < i + 4; j += 4) products(s.t, s.d, D, i, j, 4, 4, out + 1 + D);
    for (; i < D; i++)
      for (int j = 0; j <= i; j++) products(s.t, s.d, D, i, j, 1, 1, out + 1 + D);
  }
  return logLikelihood;
}

// Precisions of the axes, or the inverse Cholesky factors; and the logarithms of weight and normalisation.
static void prepare(Model *m) {
  int D = m->D;
  for (int k = 0; k < m->K; k++) {
    double *C = m->covariances + k * D * D, logDeterminant = 0;
    if (!m->full) {
      for (int j = 0; j < D; j++) { m->factors[k * D + j] = 1 / C[j * D + j]; logDeterminant += log(C[j * D + j]); }
    } else {
      double *L = malloc(sizeof(double) * D * D), *W = m->factors + k * D * D;
      for (int i = 0; i < D; i++)
        for (int j = 0; j <= i; j++) {
          double s = C[i * D + j];
          for (int a = 0; a < j; a++) s -= L[i * D + a] * L[j * D + a];
          L[i * D + j] = i == j ? sqrt(s) : s / L[j * D + j];
        }
      memset(W, 0, sizeof(double) * D * D);
      for (int j = 0; j < D; j++)
        for (int i = j; i < D; i++) {
          double s = i == j;
          for (int a = j; a < i; a++) s -= L[i * D + a] * W[a * D + j];
          W[i * D + j] = s / L[i * D + i];
        }
      for (int j = 0; j < D; j++) logDeterminant += 2 * log(L[j * D + j]);
      free(L);
    }
    m->constants[k] = log(m->weights[k]) - 0.5 * (D * log(2 * M_PI) + logDeterminant);
  }
}

static void maximise(Model *m, const double *s) {
  int D = m->D;
  for (int k = 0; k < m->K; k++, s += m->size / m->K) {
    double *C = m->covariances + k * D * D;
    for (int i = 0; i < D; i++)
      for (int j = 0; j <= i; j++)
        C[i * D + j] = C[j * D + i] = (m->full ? s[1 + D + i * D + j] : i == j ? s[1 + D + j] : 0) / s[0] -
                                      (m->full || i == j ? s[1 + i] / s[0] * (s[1 + j] / s[0]) : 0);
    for (int j = 0; j < D; j++) m->means[k * D + j] += s[1 + j] / s[0];
    m->weights[k] = s[0] / m->N;
  }
}

static void fit(Model *m, int iterations) {
  int D = m->D, K = m->K, blocks = (m->N + BLOCK - 1) / BLOCK, threads = omp_get_max_threads();
  vec *x = aligned_alloc(64, sizeof(vec) * VECTORS * D * (size_t)blocks);
  double *statistics = malloc(sizeof(double) * m->size * threads);
#pragma omp parallel
  {
    int id = omp_get_thread_num();
    double *mine = aligned_alloc(64, sizeof(double) * ((m->size + 15) & ~7));
    vec *space = aligned_alloc(64, sizeof(vec) * VECTORS * (K + 2 * D));
    Scratch s = {space, space + K * VECTORS, space + (K + D) * VECTORS};
#pragma omp for schedule(static)
    for (int b = 0; b < blocks; b++) {
      double *to = (double *)(x + (size_t)b * D * VECTORS);
      for (int j = 0; j < D; j++)
        for (int i = 0; i < BLOCK; i++) to[j * BLOCK + i] = (size_t)b * BLOCK + i < (size_t)m->N ? m->data[((size_t)b * BLOCK + i) * D + j] : 0;
    }
    for (int t = 0; t < iterations; t++) {
#pragma omp single
      prepare(m);
      memset(mine, 0, sizeof(double) * m->size);
#pragma omp for schedule(static)
      for (int b = 0; b < blocks; b++) {
        int n = m->N - b * BLOCK < BLOCK ? m->N - b * BLOCK : BLOCK;
        const vec *at = x + (size_t)b * D * VECTORS;
        if (D == 1 && K == 2 && n == BLOCK) twoNormals(at, m, mine);
        else if (m->full) full(at, n, m, s, mine);
        else diagonal(at, n, m, s, mine);
      }
      memcpy(statistics + (size_t)id * m->size, mine, sizeof(double) * m->size);
#pragma omp barrier
#pragma omp single
      {
        for (int i = 1; i < omp_get_num_threads(); i++)
          for (int j = 0; j < m->size; j++) statistics[j] += statistics[i * m->size + j];
        maximise(m, statistics);
      }
    }
    free(mine);
    free(space);
  }
  free(x);
  free(statistics);
}

static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + 1e-9 * t.tv_nsec; }
static void readNumbers(const char *file, double *to, size_t count) {
  FILE *f = fopen(file, "rb");
  if (!f || fread(to, 8, count, f) != count) { perror(file); exit(1); }
  fclose(f);
}

int main(void) {
  char line[4096], type[16], data[2000], start[2000];
  int N, D, K, iterations;
  while (fgets(line, sizeof line, stdin) && sscanf(line, "%*s %d %d %d %15s %d %1999s %1999s", &N, &D, &K, type, &iterations, data, start) == 7) {
    int parameters = K + K * D + K * D * D;
    Model m = {N, D, K, strcmp(type, "full") == 0 && D > 1};
    m.size = K * (1 + D + (m.full ? D * D : D));
    double *given = malloc(sizeof(double) * parameters), *found = malloc(sizeof(double) * parameters);
    m.data = malloc(sizeof(double) * N * D);
    m.weights = found; m.means = found + K; m.covariances = found + K + K * D;
    m.factors = malloc(sizeof(double) * K * D * D);
    m.constants = malloc(sizeof(double) * K);
    readNumbers(data, m.data, (size_t)N * D);
    readNumbers(start, given, parameters);
    if (N < 1000) omp_set_num_threads(1);
    // For about a second, as the other contestants do.
    int repeats = 0;
    double begin = now(), spent = 0;
    for (; spent < 1; repeats++, spent = now() - begin) { memcpy(found, given, sizeof(double) * parameters); fit(&m, iterations); }
    double seconds = spent / repeats;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"seconds\":%.9g,\"peakMegabytes\":%.6g,\"parameters\":[", seconds, usage.ru_maxrss / 1024.0);
    for (int i = 0; i < parameters; i++) printf("%s%.17g", i ? "," : "", found[i]);
    printf("]}\n");
    fflush(stdout);
    free(given); free(found); free(m.data); free(m.factors); free(m.constants);
  }
}
