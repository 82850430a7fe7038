// SPDX-License-Identifier: MIT
//
// What synthetic voices say when they answer a call: people, and the machines that answer for them.
#pragma once

#include <span>

namespace keytone::listening {

/// A greeting of one language. Machines' sentences are separated by `|`: pauses of a person's length are
/// made there.
struct GreetingText {
    const char* language; ///< The name for `espeak-ng -v`; for judging, of festival's voices.
    const char* text;     ///< UTF-8.
};

/// What they say: in one list for each way of greeting.
struct GreetingTexts {
    std::span<const GreetingText> words;     ///< A word or a name: "Hello?".
    std::span<const GreetingText> companies; ///< And an offer: "Hotel Bristol, how can I help you?".
    std::span<const GreetingText> machines;  ///< Of voicemail, of answering machines at home, of menus.
};

/// To tune with.
GreetingTexts tuning_greetings();
/// Others, in the languages of festival's voices, to judge with.
GreetingTexts judging_greetings();

} // namespace keytone::listening
