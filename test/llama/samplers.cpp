// llama.cpp's samplers by a list of calls, one case after another from standard input:
//   n, then n logits as the bits of their float32, then calls until "end": a name and its numbers
// and on standard output what each case leaves: a count, then so many pairs of a token and its probability as float32 bits.
#include "llama-vocab.h"
#include "llama.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

extern llama_sampler * llama_sampler_init_dry_testing(
    int32_t context, float multiplier, float base, int32_t allowed, int32_t last, const std::vector<std::vector<llama_token>> & breakers);

// what the file of the samplers takes from the rest of llama.cpp: the DRY sampler makes an empty vocabulary, all samplers log
struct llama_vocab::impl {};
llama_vocab::llama_vocab() {}
llama_vocab::~llama_vocab() {}
void llama_log_internal(lm_ggml_log_level, const char *, ...) {}

static float real() {
  float v;
  if (scanf("%f", &v) != 1) throw "a number was expected";
  return v;
}

static int whole() {
  int v;
  if (scanf("%d", &v) != 1) throw "an integer was expected";
  return v;
}

static float of_bits() {
  unsigned bits;
  float v;
  if (scanf("%u", &bits) != 1) throw "bits were expected";
  memcpy(&v, &bits, 4);
  return v;
}

static unsigned bits_of(float v) {
  unsigned bits;
  memcpy(&bits, &v, 4);
  return bits;
}

static std::vector<llama_token> history() {
  std::vector<llama_token> tokens(whole());
  for (auto & token : tokens) token = whole();
  return tokens;
}

static void apply(const std::string & name, llama_token_data_array & left) {
  llama_sampler * sampler = nullptr;
  if (name == "temperature") sampler = llama_sampler_init_temp(real());
  if (name == "nSigma") sampler = llama_sampler_init_top_n_sigma(real());
  if (name == "topK") sampler = llama_sampler_init_top_k(whole());
  if (name == "xtcThreshold") sampler = llama_sampler_init_xtc(1, real(), 1, 7);
  if (name == "typicalP" || name == "topP" || name == "minP") {
    const float p = real();
    const int keep = whole();
    sampler = name == "topP" ? llama_sampler_init_top_p(p, keep)
            : name == "minP" ? llama_sampler_init_min_p(p, keep)
                             : llama_sampler_init_typical(p, keep);
  }
  if (name == "penalize") {
    const float repetition = real(), frequency = real(), presence = real();
    const auto tokens = history();
    sampler = llama_sampler_init_penalties((int32_t)tokens.size(), repetition, frequency, presence);
    for (auto token : tokens) llama_sampler_accept(sampler, token);
  }
  if (name == "dry") {
    const float multiplier = real(), base = real();
    const int allowed = whole();
    const auto tokens = history();
    const int size = (int)tokens.size();
    sampler = llama_sampler_init_dry_testing(size, multiplier, base, allowed, size, {});
    for (auto token : tokens) llama_sampler_accept(sampler, token);
  }
  if (sampler == nullptr) throw "a name was expected";
  llama_sampler_apply(sampler, &left);
  llama_sampler_free(sampler);
}

int main() try {
  for (int n; scanf("%d", &n) == 1;) {
    std::vector<llama_token_data> data(n);
    for (int i = 0; i < n; i++) data[i] = {i, of_bits(), 0};
    llama_token_data_array left = {data.data(), data.size(), -1, false};
    for (char name[32]; scanf("%31s", name) == 1 && strcmp(name, "end") != 0;) apply(name, left);
    // softmax of what is left, as its own draw computes it
    llama_sampler * draw = llama_sampler_init_dist(7);
    llama_sampler_apply(draw, &left);
    llama_sampler_free(draw);
    printf("%zu", left.size);
    for (size_t i = 0; i < left.size; i++) {
      printf(" %d %u", left.data[i].id, left.data[i].logit == -INFINITY ? 0 : bits_of(left.data[i].p));
    }
    printf("\n");
  }
  return 0;
} catch (const char * message) {
  fprintf(stderr, "%s\n", message);
  return 1;
}
