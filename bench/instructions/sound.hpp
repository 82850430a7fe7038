// SPDX-License-Identifier: MIT
//
// What is heard while instructions are counted: the same samples on every machine.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace keytone::bench {

using Samples = std::vector<std::int16_t>;

/// A minute of one speaker: prompts of asterisk-core-sounds-en-wav, one after the other. Throws a line that
/// names the file that is not there.
Samples spoken_prompts();
/// The same with a second of silence after each prompt, as in a conversation.
Samples conversation();
/// Every key, 100 ms each and 100 ms apart, `rounds` times.
Samples all_keys(int rounds);
/// A quiet line: noise at -68 dBm0.
Samples quiet_line(std::size_t size);

/// What a detector's instructions are counted on: silence, speech or keys. Throws where there is none of that
/// name.
Samples sound_of(std::string_view name);

} // namespace keytone::bench
