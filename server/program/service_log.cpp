// SPDX-License-Identifier: MIT
#include "server/program/service_log.hpp"

#include "engine/json/outcome_json.hpp"
#include "tools/console/json_line.hpp"
#include "tools/console/printable.hpp"
#include "tools/simulation/call_story.hpp"

#include <pthread.h>

#include <algorithm>
#include <array>
#include <utility>

namespace keytone::server {

namespace {

using tools::Json;

constexpr std::array level_names{"debug", "info", "warning", "error"};

// `key=value`, in quotes where it would not be one word.
std::string detail_text(const std::string& key, const Json& value) {
    std::string text = value.is_string() ? value.get<std::string>()
                                         : value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (value.is_string() && text.find_first_of(" \"=") != std::string::npos) {
        text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    return " " + key + "=" + text;
}

} // namespace

std::string log_line(LogFormat format, const LogEntry& entry, std::chrono::system_clock::time_point at) {
    const char* const level = level_names[static_cast<std::size_t>(entry.level)];
    if (format == LogFormat::json) {
        Json line;
        line["time"] = iso_time(at);
        line["level"] = level;
        if (!entry.call.empty()) {
            line["call"] = entry.call;
        }
        line["event"] = entry.event;
        if (!entry.message.empty()) {
            line["message"] = entry.message;
        }
        line.update(entry.details);
        std::string text = tools::json_line(line);
        text.pop_back();
        return tools::printable(text) + "\n";
    }
    std::string line = iso_time(at) + " " + level;
    for (const std::string* const part : {&entry.call, &entry.event, &entry.message}) {
        if (!part->empty()) {
            line += " " + *part;
        }
    }
    for (const auto& [key, value] : entry.details.items()) {
        if (!value.is_object()) { // An object is an outcome: the message has it in words.
            line += detail_text(key, value);
        }
    }
    return tools::printable(line) + "\n";
}

LogLevel level_of(const Outcome& outcome) {
    const auto& what = outcome.what;
    const bool matters =
        std::holds_alternative<ActionRejected>(what) || std::holds_alternative<ActionStarted>(what) ||
        std::holds_alternative<ActionCompleted>(what) || std::holds_alternative<ActionFailed>(what) ||
        std::holds_alternative<ActionCancelled>(what) || std::holds_alternative<LegChanged>(what) ||
        std::holds_alternative<ReportsLost>(what) || std::holds_alternative<SessionCompleted>(what);
    return matters ? LogLevel::info : LogLevel::debug;
}

Outcome without_secrets(const Outcome& outcome) {
    Outcome masked = outcome;
    if (auto* const intent = std::get_if<Intent>(&masked.what)) {
        for (Intent::Header& header : intent->headers) {
            header.value = "?";
        }
    }
    return masked;
}

LogEntry entry_of(const Outcome& outcome, std::string_view call) {
    const Outcome masked = without_secrets(outcome);
    Json line = Json::parse(json::outcome_line(masked, {call, {}}), nullptr, false);
    LogEntry entry{level_of(outcome), line.value("ev", "outcome"), {}, std::string(call)};
    const PerLeg<SampleRate> rate{SampleRate::narrowband(), SampleRate::narrowband()};
    for (const std::string& words : simulation::tell_story({masked}, rate)) {
        const auto begin = std::min(words.find_first_not_of(' '), words.size());
        entry.message += (entry.message.empty() ? "" : "; ") + words.substr(begin);
    }
    if (entry.message.empty() && !masked.id.empty()) { // Which action it belongs to, at least.
        entry.message = std::string(masked.name) + (masked.name.empty() ? "" : " ") + masked.id;
    }
    entry.details["outcome"] = std::move(line);
    return entry;
}

ServiceLog::ServiceLog(LogFormat format, LogLevel least, std::function<void(std::string_view)> write)
    : format_(format), least_(least), write_(std::move(write)), thread_([this] { run(); }) {
    pthread_setname_np(thread_.native_handle(), "log");
}

ServiceLog::~ServiceLog() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void ServiceLog::put(const LogEntry& entry) {
    if (entry.level < least_) {
        return;
    }
    std::string line = log_line(format_, entry, std::chrono::system_clock::now());
    {
        const std::lock_guard lock(mutex_);
        if (lines_.size() >= most_waiting) {
            ++left_out_;
            return;
        }
        lines_.push_back(std::move(line));
    }
    changed_.notify_one();
}

void ServiceLog::put(const Outcome& outcome, std::string_view call) {
    if (level_of(outcome) >= least_) {
        put(entry_of(outcome, call));
    }
}

void ServiceLog::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return ends_ || !lines_.empty(); });
        if (lines_.empty()) {
            return;
        }
        std::string text;
        for (const std::string& line : std::exchange(lines_, {})) {
            text += line;
        }
        if (const auto left_out = std::exchange(left_out_, 0); left_out > 0) {
            text += log_line(format_,
                             {LogLevel::warning,
                              "log.left_out",
                              "lines were left out: nobody read them",
                              {},
                              {{"lines", left_out}}},
                             std::chrono::system_clock::now());
        }
        lock.unlock();
        write_(text);
        lock.lock();
    }
}

} // namespace keytone::server
