// SPDX-License-Identifier: MIT
#pragma once

/// Behind a function that is `[audio]`: built with clang's RealtimeSanitizer (preset `rtsan`), the program
/// stops at any allocation, lock or system call below it. Elsewhere it is nothing.
#define KEYTONE_NONBLOCKING

#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::nonblocking)
#undef KEYTONE_NONBLOCKING
#define KEYTONE_NONBLOCKING [[clang::nonblocking]]
#endif
#endif
