// SPDX-License-Identifier: MIT
#pragma once

/// Placed after a function's declaration that is `[audio]`: built with clang's RealtimeSanitizer (preset
/// `rtsan`), the program stops at any allocation, lock or system call within it. In other builds it is empty.
#define KEYTONE_NONBLOCKING

#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::nonblocking)
#undef KEYTONE_NONBLOCKING
#define KEYTONE_NONBLOCKING [[clang::nonblocking]]
#endif
#endif

#if defined(__has_feature)
#if __has_feature(realtime_sanitizer)
#include <sanitizer/rtsan_interface.h>
#define KEYTONE_RTSAN_WATCHES
#endif
#endif

namespace keytone {

/// While an object of this lives, RealtimeSanitizer does not check: for code that is not `[audio]`, called
/// within an `[audio]` function.
class [[nodiscard]] Unwatched {
  public:
#if defined(KEYTONE_RTSAN_WATCHES)
    Unwatched() noexcept {
        __rtsan_disable();
    }
    ~Unwatched() {
        __rtsan_enable();
    }
#else
    Unwatched() noexcept = default;
    ~Unwatched() = default;
#endif
    Unwatched(const Unwatched&) = delete;
    Unwatched& operator=(const Unwatched&) = delete;
};

} // namespace keytone
