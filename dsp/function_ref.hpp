// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/nonblocking.hpp"

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace keytone {

template <class Signature>
class FunctionRef;

/// A callable that someone else owns, passed down for the duration of one call. Neither allocates nor copies
/// the callable. Where KEYTONE_SINKS_MAY_BLOCK is defined, RealtimeSanitizer does not check what it does.
template <class R, class... Args>
class FunctionRef<R(Args...)> {
  public:
    template <class F>
    requires(!std::same_as<std::remove_cvref_t<F>, FunctionRef> && std::is_invocable_r_v<R, F&, Args...>)
        FunctionRef(F&& callable)
    noexcept
        : object_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
          call_(&call<std::remove_reference_t<F>>) {}

    R operator()(Args... args) const { return call_(object_, std::forward<Args>(args)...); }

  private:
    template <class F>
    static R call(void* object, Args... args) {
#if defined(KEYTONE_SINKS_MAY_BLOCK)
        [[maybe_unused]] const Unwatched unwatched{};
#endif
        return (*static_cast<F*>(object))(std::forward<Args>(args)...);
    }

    void* object_;
    R (*call_)(void*, Args...);
};

} // namespace keytone
