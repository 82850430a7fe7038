// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "engine/refusal.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone {

/// What an agent may do by itself, and the words it does it with. The names are the platform's own.
struct AgentSettings {
    static constexpr std::size_t max_number_length = 32;         ///< Characters.
    static constexpr std::size_t max_message_length = 500;       ///< Unicode characters.
    static constexpr std::size_t max_instructions_length = 2000; ///< Unicode characters.
    static constexpr std::size_t max_allowed = 64;               ///< Entries of `allow`.
    /// In `allow`: the transferNumber. SIP domains begin with `sip:`.
    static constexpr std::string_view own_number = "transferNumber";
    static constexpr std::string_view sip_scheme = "sip:";
    /// Spoken before a transfer where transferMessage is empty.
    static constexpr std::string_view default_transfer_message = "One moment, I am putting you through.";

    bool transfer_enabled = false;     ///< transferEnabled: the agent may transfer.
    std::string transfer_number;       ///< transferNumber: E.164, required when enabled.
    std::string transfer_message;      ///< transferMessage: spoken right before; empty: the default sentence.
    std::string transfer_instructions; ///< When to transfer, for the model; empty: left out.
    /// allow: whom the agent may transfer to; empty: anybody. `transferNumber`, which is allowed in any case,
    /// the first digits of numbers such as `+1415`, and SIP domains such as `sip:example.com`, with a port
    /// if no other will do.
    std::vector<std::string> allow;
    bool end_call_enabled = true;      ///< endCallEnabled: the agent may hang up.
    std::string end_call_message;      ///< endCallMessage: spoken before the hang-up; empty: nothing.
    std::string end_call_instructions; ///< When to end the call, for the model; empty: left out.
};

/// The settings as they stand, or what is wrong with the first that is (invalid_setting, naming the key).
/// `[any]`
std::optional<Refusal> check(const AgentSettings& settings);

} // namespace keytone
