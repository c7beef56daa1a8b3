/* The C child of bench/peers: the protocol is in bench/peers/child.mjs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "kernels.h"

typedef enum { NONE, SOFTMAX, GUMBEL, CATEGORICAL } Op;

static Op op;
static int rows, n;
static float *logits, *out, *scratch;
static uint32_t key;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

/* Each call has a key of its own; the first one is anymax.key(1). */
static void call(void) {
  if (op == SOFTMAX) softmax(logits, out, rows, n);
  if (op == GUMBEL) gumbel(out, rows * n, ++key, 0);
  if (op == CATEGORICAL) categorical(logits, (int32_t *)out, rows, n, ++key, 0, scratch);
}

static int values(void) { return op == CATEGORICAL ? rows : rows * n; }

static void prepare(const char *name, const char *path) {
  size_t bytes = sizeof(float) * (size_t)rows * (size_t)n + 4096;
  float **arrays[] = {&logits, &out, &scratch};
  for (int i = 0; i < 3; i++) {
    free(*arrays[i]);
    *arrays[i] = aligned_alloc(64, (2 * bytes + 63) / 64 * 64);
    memset(*arrays[i], 0, 2 * bytes);
  }
  op = !strcmp(name, "softmax") ? SOFTMAX : !strcmp(name, "random.gumbel") ? GUMBEL : !strcmp(name, "categorical") ? CATEGORICAL : NONE;
  key = 0;
  FILE *file = fopen(path, "rb");
  bool ok = op != NONE && file && fread(logits, sizeof(float), (size_t)rows * (size_t)n, file) > 0;
  if (file) fclose(file);
  printf("{\"ok\":%s}\n", ok ? "true" : "false");
}

static void run(double milliseconds) {
  long calls = 0, batch = 1;
  double spent = 0;
  while (spent < milliseconds * 1e6) {
    double start = now();
    for (long i = 0; i < batch; i++) call();
    double took = now() - start;
    calls += batch;
    spent += took;
    if (took < 1e5) batch *= 2;
  }
  printf("{\"ns\":%f}\n", spent / (double)calls);
}

static void result(const char *path) {
  call();
  FILE *file = fopen(path, "wb");
  if (file) {
    fwrite(out, 4, (size_t)values(), file);
    fclose(file);
  }
  printf("{\"kind\":\"%s\"}\n", op == CATEGORICAL ? "i32" : "f32");
}

static void survey(double count) {
  long bad = 0;
  double least = INFINITY, most = -INFINITY;
  for (double seen = 0; seen < count; seen += values()) {
    call();
    for (int i = 0; i < values(); i++) {
      double v = op == CATEGORICAL ? (double)((int32_t *)out)[i] : (double)out[i];
      if (!isfinite(v)) bad++;
      else least = v < least ? v : least, most = v > most ? v : most;
    }
  }
  printf("{\"nonFinite\":%ld,\"least\":%.9g,\"greatest\":%.9g}\n", bad, least, most);
}

int main(void) {
  char line[4096], name[64], path[3072];
  double amount;
  while (fgets(line, sizeof line, stdin)) {
    if (sscanf(line, "case %63s %d %d %3071s", name, &rows, &n, path) == 4) prepare(name, path);
    else if (sscanf(line, "run %lf", &amount) == 1) run(amount);
    else if (sscanf(line, "result %3071s", path) == 1) result(path);
    else if (sscanf(line, "survey %lf", &amount) == 1) survey(amount);
    fflush(stdout);
  }
}
