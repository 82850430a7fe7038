// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "server/agent/agent_config.hpp"
#include "server/control/call_facts.hpp"
#include "server/media/rtp_port.hpp"
#include "server/program/local_address.hpp"
#include "server/program/service_log.hpp"
#include "server/recording/call_recording.hpp"
#include "server/reports/webhook_target.hpp"
#include "server/sip/re_signalling.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// What answers a call that comes in: the table `answer`.
struct AnswerConfig {
    std::string scenario;          ///< A file.
    std::string prompts;           ///< A folder; empty: where the scenario lies.
    std::string output;            ///< A folder, in which each call gets one; empty: nothing is written.
    std::int64_t memory_mb = 1024; ///< For the audio of records that are not written yet.
};

/// What the configuration file says; docs/live.md has each key.
struct ServerConfig {
    SignallingConfig sip;
    std::string from;                          ///< `sip.from`; empty: keytone at the address.
    std::string trunk;                         ///< `sip.trunk`: where numbers are dialled.
    std::optional<SipCredentials> credentials; ///< `sip.user`, `sip.password`.
    std::string media_address;                 ///< `rtp.address`; empty: that of `sip.listen`.
    PortRange ports{};                         ///< `rtp.ports`.
    KeysOut keys = KeysOut::automatic;         ///< `rtp.keys`.
    /// `rtp.srtp` is kept in `sip.srtp`: the SIP side refuses calls by it.
    std::size_t max_calls = 2500; ///< `sip.max_calls`.
    /// `dial.allow`, as AgentSettings::allow has its entries; absent where the file says nothing.
    std::optional<std::vector<std::string>> allowed_targets;
    // Calls that are placed for each agent: `dial.max_calls` at once, `dial.calls_per_minute`.
    std::size_t max_placed = 100;
    std::size_t placed_per_minute = 60;
    std::optional<AnswerConfig> answer;
    std::optional<AgentConfig> agent; ///< Not beside `answer`.
    std::size_t media_threads = 0;    ///< `media.threads`; 0: one a core.
    std::optional<LogFormat> log_format;
    LogLevel log_level = LogLevel::info;
    std::optional<ListenPlace> http; ///< `http.listen`.
    std::string public_url;          ///< `http.public_url`; empty: http and what is listened on.
    std::string store;               ///< `store.path`; empty: none.
    int keep_days = 90;              ///< `store.keep_days`.
    WebhookPolicy webhooks;          ///< The table `reports`.
    std::string recordings;          ///< `recordings.path`, a folder; empty: nothing is recorded.
    int keep_recordings_days = 90;   ///< `recordings.keep_days`.
    RecordedKeys recorded_keys = RecordedKeys::keep; ///< `recordings.keys`.
};

/// How others reach the API, without a slash at its end; empty where nothing is listened on. `[any]`
std::string public_url_of(const ServerConfig& config);

/// Reads a configuration. `name` is the file's, for the error: one line with the place, the key and the
/// remedy. `[control]`
Result<ServerConfig, std::string> read_server_config(std::string_view text, std::string_view name);

} // namespace keytone::server
