// What the linker puts before the model's processes and the samplers in bench_breakdown alone (ld --wrap): clocks and a
// record of the draws. The program itself holds no measuring code.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace channelcast::bench {

enum class Hooks { off, clocks, record };

/// A distribution that is drawn from.
enum class Draw { uniform, normal, gamma, poisson, binomial, binomial_one_p };

/// Draws of one kind in one process: what was asked of those lanes whose result is random.
struct DrawList {
  std::vector<double> first;   ///< n, mean or shape; of uniforms and normals only their number counts
  std::vector<double> second;  ///< p or scale
};
/// By distribution, and by p where all lanes of a call share it.
using DrawKey = std::pair<Draw, double>;

/// What is known of a process.
struct ProcessRecord {
  double seconds = 0.0;  ///< without those of the processes it calls
  double drawing = 0.0;  ///< of these, in the samplers
  std::size_t calls = 0;
  std::map<DrawKey, DrawList> draws;
};

/// Sets what the hooks do, and forgets what they saw.
void set_hooks(Hooks hooks);
/// By name of the process.
[[nodiscard]] const std::map<std::string, ProcessRecord>& records();

/// Until its end, time and draws belong to this process.
class ProcessScope {
 public:
  explicit ProcessScope(const char* name);
  ~ProcessScope();
  ProcessScope(const ProcessScope&) = delete;
  ProcessScope& operator=(const ProcessScope&) = delete;

 private:
  bool active_;
};

/// Until its end, the process that is on draws.
class DrawingScope {
 public:
  DrawingScope();
  ~DrawingScope();
  DrawingScope(const DrawingScope&) = delete;
  DrawingScope& operator=(const DrawingScope&) = delete;

 private:
  ProcessRecord* record_;  // null where nothing is measured
  std::chrono::steady_clock::time_point start_;
};

}  // namespace channelcast::bench
