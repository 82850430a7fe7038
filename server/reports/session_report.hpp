// SPDX-License-Identifier: MIT
//
// `session.completed`: what became of a call, for those who want to know.
#pragma once

#include "engine/outcome.hpp"
#include "server/sip/signalling.hpp"
#include "server/store/call_table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// Words that the agent spoke.
struct SpokenWords {
    std::string text;
    UnixMs at = 0;
};

/// What a report says of the recording.
struct ReportedRecording {
    std::string url;             ///< Empty: there is none.
    std::int64_t missing_ms = 0; ///< What of it is silent, as it could not be kept.
    std::string fault;           ///< Why there is none, or why something is missing; empty: no fault.
};

/// How a call ended, for its report.
struct SessionEnding {
    /// The policy's own word; nothing where the agent never had the call, or it was lost.
    std::optional<SessionCompleted> completed;
    std::optional<DialogEnded> end; ///< Of leg a, as far as it had ended by then.
    bool far_side_sounded = false;  ///< A sound or a key was heard on leg a.
    bool is_lost = false;           ///< The service died; this is told by the next one.
    std::vector<SpokenWords> transcript;
    ReportedRecording recording{};
};

/// The words of the report's `call`.
struct CallWords {
    std::string_view status;
    std::string_view disposition;
    std::string_view answered_by;
    std::string_view reason; ///< Empty for none.
};
/// `[any]`
CallWords words_of(const StoredCall& call, const SessionEnding& ending);

/// The report's body, JSON. The call has ended, or was handed on, at `call.ended_ms`. `[any]`
std::string session_report(const StoredCall& call, const SessionEnding& ending);

/// Who a URI names: the number or the user of `sip:+15550100@sip.example`; the URI where it names nobody.
/// Bytes that are not printable are `?`, and what is too long is cut. `[any]`
std::string party_of(std::string_view uri);

} // namespace keytone::server
