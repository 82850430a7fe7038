// SPDX-License-Identifier: MIT
//
// An agent as its owner has set it, by `PUT /api/v2/agent/{id}`: the settings of the platforms
// (AgentSettings), and the server's own.
#pragma once

#include "dsp/result.hpp"
#include "server/agent/agent_config.hpp"
#include "server/api/call_desk.hpp"
#include "server/store/agent_table.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

struct AgentProfile {
    StoredAgent stored; ///< Its settings: those that were set, and no others.
    AgentConfig config; ///< What calls are run by: with all that was not set.
    /// The called users and numbers that pick this agent.
    std::vector<std::string> numbers;
    bool record = true; ///< Where recordings are on.
    // Of calls that are placed; nothing: as the configuration says.
    std::optional<std::size_t> max_calls;        ///< At once.
    std::optional<std::size_t> calls_per_minute; ///< Begun in any 60 s.

    static constexpr std::size_t max_id = 64;
    static constexpr std::size_t max_name = 100; ///< Characters.
    static constexpr std::size_t max_url = 2048; ///< Bytes.
    static constexpr std::size_t max_numbers = 100;
    static constexpr std::size_t max_number = 200; ///< Bytes.
    static constexpr std::size_t max_token = 256;  ///< Bytes.
    static constexpr std::int64_t longest_s = 3600;
    static constexpr std::int64_t most_calls = 10'000; ///< At once, and a minute.
};

/// Whether it can be an agent's id: 1 to 64 of `A-Z a-z 0-9 . _ -`. `[any]`
bool is_agent_id(std::string_view id);

/// The agent after a PUT of `body`: a JSON object, which changes the keys that it names. null resets a key,
/// and so does "", but for `message`, where it means that nothing is said. What was never set is as `usual`
/// has it, the table `agent` of the configuration, or AgentConfig{}; its shape and rate only where its URL is
/// used. Errors: 400 with the key and the remedy, 413. `[any]`
Result<AgentProfile, ApiFault> merge_agent(const std::optional<StoredAgent>& old, std::string_view id,
                                           std::string_view body, const AgentConfig& usual, UnixMs now);
/// The same agent, read again. Errors: the store has what this version does not read. `[any]`
Result<AgentProfile, ApiFault> read_agent(const StoredAgent& stored, const AgentConfig& usual);

/// The agent for the API: a JSON object of its id and all settings, set or not, `createdAt` and `updatedAt`
/// (ISO 8601). A secret is `"set"`, which in a PUT leaves it as it is. `[any]`
std::string agent_object(const AgentProfile& profile);

} // namespace keytone::server
