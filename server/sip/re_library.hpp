// SPDX-License-Identifier: MIT
//
// The SIP library's headers are C, and need those of the standard library before them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

extern "C" {
#include <re.h>
}

namespace keytone::server {

struct Dereference {
    void operator()(void* object) const { mem_deref(object); }
};
/// An object of the library, one reference to it.
template <class T>
using Reference = std::unique_ptr<T, Dereference>;

/// Text of a message; valid as long as the message is.
inline std::string_view view(const pl& text) {
    return text.p == nullptr ? std::string_view{} : std::string_view(text.p, text.l);
}
inline pl text_of(std::string_view view) {
    return {view.data(), view.size()};
}
/// The part of a buffer that is not read yet.
inline std::string_view rest_of(const mbuf* buffer) {
    return buffer == nullptr || mbuf_get_left(buffer) == 0
               ? std::string_view{}
               : std::string_view(reinterpret_cast<const char*>(mbuf_buf(buffer)), mbuf_get_left(buffer));
}
inline Reference<mbuf> buffer_of(std::string_view text) {
    Reference<mbuf> buffer(mbuf_alloc(text.size() + 1));
    if (buffer != nullptr) {
        mbuf_write_mem(buffer.get(), reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
        buffer->pos = 0;
    }
    return buffer;
}

} // namespace keytone::server
