// SPDX-License-Identifier: MIT
#pragma once

#include "engine/refusal.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone {

/// What happens where a machine answers a transfer.
enum class OnMachine : std::uint8_t {
    bridge,        ///< It is connected like anybody; nobody listens who answered.
    hang_up,       ///< It is hung up; the transfer fails.
    leave_message, ///< `machine_message` is spoken after its beep, and it is hung up.
};

/// What an agent may do by itself, and what it says when it does. The names are the platform's own.
struct AgentSettings {
    static constexpr std::size_t max_number_length = 32;         ///< Characters.
    static constexpr std::size_t max_message_length = 500;       ///< Unicode characters.
    static constexpr std::size_t max_instructions_length = 2000; ///< Unicode characters.
    static constexpr std::size_t max_allowed = 64;               ///< Entries of `allow`.
    /// An entry of `allow` that stands for transferNumber; and how entries that are SIP domains begin.
    static constexpr std::string_view own_number = "transferNumber";
    static constexpr std::string_view sip_scheme = "sip:";
    /// Spoken before a transfer where transferMessage is empty.
    static constexpr std::string_view default_transfer_message = "One moment, I am putting you through.";

    bool transfer_enabled = false;     ///< transferEnabled: the agent may transfer.
    std::string transfer_number;       ///< transferNumber: E.164, required when enabled.
    std::string transfer_message;      ///< transferMessage: spoken right before it; empty: the default.
    std::string transfer_instructions; ///< When to transfer, for the model; empty: left out.
    /// allow: whom the agent may transfer to; empty: anybody. Entries are `transferNumber`, which is allowed
    /// in any case, the first digits of numbers such as `+1415`, and SIP domains such as `sip:example.com`,
    /// with a port if no other is to be allowed.
    std::vector<std::string> allow;
    /// on_machine: of transfers that do not say so themselves and where somebody can listen; machine_message:
    /// the words for leave_message, which needs them.
    OnMachine on_machine = OnMachine::bridge;
    std::string machine_message{};
    bool end_call_enabled = true;      ///< endCallEnabled: the agent may hang up.
    std::string end_call_message;      ///< endCallMessage: spoken before the hang-up; empty: nothing.
    std::string end_call_instructions; ///< When to end the call, for the model; empty: left out.

    /// transferMessage, or the default.
    [[nodiscard]] std::string_view spoken_transfer_message() const {
        return transfer_message.empty() ? default_transfer_message : std::string_view(transfer_message);
    }
};

/// One of the settings.
enum class Setting : std::uint8_t {
    transfer_enabled,
    transfer_number,
    transfer_message,
    transfer_instructions,
    allow,
    on_machine,
    machine_message,
    end_call_enabled,
    end_call_message,
    end_call_instructions,
};

/// The setting as platforms write it: `transferNumber`. `[any]`
std::string_view name(Setting setting);

/// What is wrong with a setting.
struct SettingFault {
    enum class What : std::uint8_t {
        missing,       ///< transferNumber, although the agent may transfer; machine_message, to leave one.
        not_utf8,      ///< A text.
        too_long,      ///< A number or a text.
        not_e164,      ///< transferNumber.
        too_many,      ///< Entries of `allow`.
        bad_entry,     ///< An entry of `allow` is none of the kinds above.
        no_own_number, ///< `allow` names transferNumber, which is empty.
    };

    Setting setting;
    What what;
    std::size_t length = 0; ///< Of what is too long, in characters.
};

/// What is wrong, and what would be accepted, for a line that begins with the setting's name. `[any]`
std::string text(const SettingFault& fault);
/// The same line as a refusal: invalid_setting. `[any]`
Refusal refusal(const SettingFault& fault);

/// What is wrong with the first setting that has a fault; nothing where all are fine. `[any]`
std::optional<SettingFault> check(const AgentSettings& settings);

} // namespace keytone
