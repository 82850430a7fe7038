// SPDX-License-Identifier: MIT
//
// What synthetic voices say when they answer a call: people, and the machines that answer for them.
#pragma once

#include <span>

namespace keytone::listening {

/// A greeting of one language. Machines' sentences are separated by `|`: pauses of a person's length are
/// made there.
struct GreetingText {
    const char* language; ///< The name for `espeak-ng -v`.
    const char* text;     ///< UTF-8.
};

/// A word or a name: "Hello?".
std::span<const GreetingText> short_human_greetings();
/// A company and an offer: "Miller and Sons, good morning, how can I help you?".
std::span<const GreetingText> company_greetings();
/// Of voicemail, of answering machines at home, of menus.
std::span<const GreetingText> machine_greetings();

} // namespace keytone::listening
