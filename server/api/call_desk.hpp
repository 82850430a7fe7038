// SPDX-License-Identifier: MIT
//
// What the API can ask of calls. The calls are the control thread's; the API's threads ask through this:
//
//     API's thread  start(), transfer(), submit(), end() ──posted──► control thread
//                   reply(…)  ◄───────────── called there ──────────┘
//                   counts(), find(), list(), events()   read what the control thread has written down
#pragma once

#include "dsp/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keytone::server {

/// Why the API refuses something: the status (RFC 9110), a word for machines, one line with the remedy.
struct ApiFault {
    int status = 400;
    std::string code;
    std::string message;
};

template <class Value>
using ApiReply = std::function<void(Result<Value, ApiFault>)>;

/// A call that is to be placed.
struct CallStart {
    std::string agent_id;
    std::string to_number; ///< E.164, or a SIP URI.
    std::string provider;  ///< `sip`.
    std::string variables; ///< A JSON object, for the report; empty: none.
};

/// What a call is known by.
struct CallNames {
    std::string call;
    std::string session;
    std::string agent_id;
    std::string from;
    std::string to;
};

/// A call as it is now, or as it was when it ended.
struct CallView {
    CallNames names;
    std::string direction;     ///< name(CallDirection).
    std::string state;         ///< `ringing`, `in_progress`, `transferring`, `transferred`, `ended`.
    std::int64_t began_ms = 0; ///< Milliseconds since 1970, in UTC.
    std::optional<std::int64_t> answered_ms;
    std::optional<std::int64_t> ended_ms;
    // Of leg a, as far as packets have come.
    double jitter_ms = 0.0;
    std::uint64_t packets_in = 0;
    std::uint64_t packets_lost = 0;
    std::uint64_t packets_late = 0;
};

/// How many calls there are, and how many there may be.
struct CallCounts {
    std::size_t active = 0;
    std::size_t most = 0;
};

/// The outcomes of one call, as JSON Lines without their line ends, from its beginning on. Sensitive digits
/// are `?` in them. One writer, any readers. `[any]`
class CallEvents {
  public:
    /// What a call keeps at most; what comes after is left out.
    static constexpr std::size_t most_bytes = std::size_t{4} * 1024 * 1024;

    void add(std::string line) {
        const std::lock_guard lock(mutex_);
        if (!is_over_ && bytes_ + line.size() <= most_bytes) {
            bytes_ += line.size();
            lines_.push_back(std::move(line));
        }
    }
    void close() {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    /// The lines from the number `first` on, at most `most`, and whether none will follow them.
    [[nodiscard]] std::pair<std::vector<std::string>, bool> from(std::size_t first, std::size_t most) const {
        const std::lock_guard lock(mutex_);
        const std::size_t begin = first < lines_.size() ? first : lines_.size();
        const std::size_t end = begin + (most < lines_.size() - begin ? most : lines_.size() - begin);
        return {{lines_.begin() + static_cast<std::ptrdiff_t>(begin),
                 lines_.begin() + static_cast<std::ptrdiff_t>(end)},
                is_over_ && end == lines_.size()};
    }

    /// All lines, each with its line end.
    [[nodiscard]] std::string text() const {
        const std::lock_guard lock(mutex_);
        std::string all;
        all.reserve(bytes_ + lines_.size());
        for (const std::string& line : lines_) {
            all += line;
            all += '\n';
        }
        return all;
    }
    [[nodiscard]] std::size_t bytes() const {
        const std::lock_guard lock(mutex_);
        return bytes_;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
    std::size_t bytes_ = 0;
    bool is_over_ = false;
};

class CallDesk {
  public:
    virtual ~CallDesk() = default;

    // Each of these replies once, on the control thread, or at once where too much is asked already, or the
    // service has ended (503). A call is named by its id or its session. One that is not there is 404
    // `no_such_call`; one that is over is 400 `call_over`. `[any]`

    /// Places a call. Replies when it is dialled; what becomes of it is told by its events. 404 no such
    /// agent, 403 the number may not be dialled, 429 too many calls, 503 no room.
    virtual void start(CallStart start, ApiReply<CallNames> reply) = 0;
    /// The transfer of the platform's API: `to`, or else the agent's own number. 400 as the policy says.
    virtual void transfer(std::string call, std::optional<std::string> to, ApiReply<CallNames> reply) = 0;
    /// A function call, as a JSON line of engine/json. Replies with the line of its first outcome, accepted
    /// or rejected.
    virtual void submit(std::string call, std::string line, ApiReply<std::string> reply) = 0;
    /// Ends the call: with `is_drained` as end_call does, once what is queued was played; else at once.
    virtual void end(std::string call, bool is_drained, ApiReply<CallNames> reply) = 0;

    [[nodiscard]] virtual CallCounts counts() const = 0;
    /// A call that is live, or ended some seconds ago; older ones are in the store.
    [[nodiscard]] virtual std::optional<CallView> find(std::string_view call) const = 0;
    [[nodiscard]] virtual std::vector<CallView> list() const = 0;
    /// Null where find() knows nothing of the call.
    [[nodiscard]] virtual std::shared_ptr<const CallEvents> events(std::string_view call) const = 0;
};

} // namespace keytone::server
