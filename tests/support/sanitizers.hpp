// SPDX-License-Identifier: MIT
//
// Which sanitizers this is built with, for any compiler.
#pragma once

#if defined(__has_feature)
#define KEYTONE_HAS_FEATURE(name) __has_feature(name)
#else
#define KEYTONE_HAS_FEATURE(name) 0
#endif

/// The sanitizer that stops the program where an `[audio]` function blocks.
#if KEYTONE_HAS_FEATURE(realtime_sanitizer)
#define KEYTONE_REALTIME_SANITIZER 1
#else
#define KEYTONE_REALTIME_SANITIZER 0
#endif

/// Sanitizers with an allocator, locks or system calls of their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                                         \
    KEYTONE_HAS_FEATURE(address_sanitizer) || KEYTONE_HAS_FEATURE(thread_sanitizer) ||                       \
    KEYTONE_REALTIME_SANITIZER
#define KEYTONE_SANITIZER_INTERCEPTS 1
#else
#define KEYTONE_SANITIZER_INTERCEPTS 0
#endif
