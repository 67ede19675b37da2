// What an action throws, as a text that a matcher can look at.
#pragma once

#include <exception>
#include <functional>
#include <string>

namespace channelcast::testing {

/// The message of the `Expected` that the action throws; otherwise a text that says what happened instead.
template <class Expected>
std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Expected& error) {
    return error.what();
  } catch (const std::exception& error) {
    return std::string("(another exception) ") + error.what();
  }
  return "(nothing was thrown)";
}

}  // namespace channelcast::testing
