// SPDX-License-Identifier: MIT
//
// The page, embedded in the program by embed.cmake.
#pragma once

#include <span>
#include <string_view>

namespace keytone::server {

/// A file of the page.
struct PageFile {
    std::string_view name; ///< `index.html`, `main.js`: what follows /page/.
    std::string_view type; ///< `text/html; charset=utf-8`.
    std::string_view bytes;
    std::string_view etag; ///< SHA-256 of the bytes, in hexadecimal digits. Without quotes.
};

/// All of them, by name. `[any]`
std::span<const PageFile> page_files();

} // namespace keytone::server
