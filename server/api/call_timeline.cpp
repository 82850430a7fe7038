// SPDX-License-Identifier: MIT
#include "server/api/call_timeline.hpp"

#include "engine/io/picture/timeline_picture.hpp"
#include "tools/console/json_line.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace keytone::server {

namespace {

using tools::Json;

/// Calls are served in G.711: both legs' clocks run at its rate.
constexpr double samples_a_second = 8000.0;
/// Of a call's lines those beyond are not drawn.
constexpr std::size_t most_lines = 20'000;

std::string text_at(const Json& line, const char* key) {
    const auto found = line.find(key);
    return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

double seconds_at(const Json& line, const char* key) {
    const auto found = line.find(key);
    return found != line.end() && found->is_number() ? found->get<double>() / samples_a_second : 0.0;
}

/// Collects what the picture shows, line by line.
class Builder {
  public:
    Builder() {
        timeline_.lanes.resize(2);
        timeline_.lanes[0].title = "leg a: the caller";
        timeline_.lanes[1].title = "leg b: where the caller is transferred to";
    }

    void add(const Json& line) {
        const std::string event = text_at(line, "ev");
        leg_ = text_at(line, "leg") == "b" ? 1 : 0;
        now_s_ = seconds_at(line, "sample");
        timeline_.seconds = std::max({timeline_.seconds, now_s_, seconds_at(line, "end")});
        if (event == "leg.changed") {
            change(text_at(line, "state"));
        } else if (event == "op.planned") {
            plan(line);
        } else if (event == "op.started") {
            running_[text_at(line, "id")] = {now_s_, now_s_, text_at(line, "text")};
        } else if (event == "op.completed" || event == "op.cancelled" || event == "op.failed") {
            end(line);
        } else if (event == "tone.completed") {
            lane().keys.push_back(span(line, text_at(line, "digit")));
        } else if (event == "digit.heard") {
            mark("hears " + text_at(line, "digit"));
        } else if (event == "speech.masked") {
            lane().mutes.push_back(span(line, ""));
        } else if (event == "intent") {
            intend(line);
        } else if (event == "action.rejected" || event == "action.failed") {
            mark(text_at(line, "code"), true);
            timeline_.summary = text_at(line, "name") + ": " + text_at(line, "message");
        } else if (event == "action.completed" && text_at(line, "name") == "transfer") {
            timeline_.summary = "the caller was transferred";
        }
    }

    io::Timeline finish(const std::string& title) {
        for (leg_ = 0; leg_ < 2; ++leg_) {
            set_state(timeline_.seconds, "");
        }
        if (!uses_b_) {
            timeline_.lanes.pop_back();
        }
        timeline_.title = title;
        return std::move(timeline_);
    }

  private:
    io::TimelineLane& lane() { return timeline_.lanes[leg_]; }
    void mark(std::string text, bool is_failure = false) {
        timeline_.marks.push_back({now_s_, std::move(text), is_failure});
    }
    static io::TimelineSpan span(const Json& line, std::string text) {
        return {seconds_at(line, "start"), seconds_at(line, "end"), std::move(text)};
    }

    void set_state(double at_s, std::string text) {
        io::TimelineSpan& state = states_[leg_];
        if (!state.text.empty()) {
            lane().states.push_back({state.begin_s, at_s, state.text});
        }
        uses_b_ = uses_b_ || (leg_ == 1 && !text.empty());
        state = {at_s, at_s, std::move(text)};
    }

    void change(const std::string& state) {
        const std::string leg = leg_ == 0 ? "a" : "b";
        if (state == "ringing") {
            set_state(now_s_, state);
        } else if (state == "answered") {
            set_state(now_s_, leg_ == 0 ? "with the agent" : state);
            mark(leg + " answers");
        } else if (state == "ended") {
            set_state(now_s_, "");
            mark(leg + " hung up");
        }
    }

    void plan(const Json& line) {
        const auto anchor = line.find("anchor");
        if (anchor == line.end() || !anchor->is_object()) {
            return;
        }
        const double begin = seconds_at(*anchor, "sample");
        const double length = seconds_at(*anchor, "offset");
        if (length > 0.0) {
            lane().pauses.push_back({begin, begin + length, ""});
        }
    }

    void end(const Json& line) {
        const auto started = running_.find(text_at(line, "id"));
        if (started == running_.end()) {
            return;
        }
        const io::TimelineSpan shown{started->second.begin_s, seconds_at(line, "end"), started->second.text};
        const std::string op = text_at(line, "op");
        if (op == "prompt") {
            lane().prompts.push_back(shown);
        } else if (op == "silence" || op == "wait") {
            lane().pauses.push_back({shown.begin_s, shown.end_s, op == "wait" ? "listens" : ""});
        }
        running_.erase(started);
    }

    void intend(const Json& line) {
        const std::string what = text_at(line, "do");
        if (what == "dial" || what == "sip_invite") {
            leg_ = 1;
            set_state(now_s_, "dialled");
            mark("dial " + text_at(line, "to"));
        } else if (what == "sip_refer") {
            mark("REFER to " + text_at(line, "to"));
        } else if (what == "bridge") {
            for (leg_ = 0; leg_ < 2; ++leg_) {
                set_state(now_s_, "connected");
            }
            mark("bridge");
        } else if (what == "hangup") {
            set_state(now_s_, "");
            mark(std::string("hang up ") + (leg_ == 0 ? "a" : "b"));
        }
    }

    io::Timeline timeline_;
    std::array<io::TimelineSpan, 2> states_{};
    std::map<std::string, io::TimelineSpan> running_;
    std::size_t leg_ = 0;
    double now_s_ = 0.0;
    bool uses_b_ = false;
};

} // namespace

io::Timeline timeline_of(const std::vector<std::string>& lines, const std::string& title) {
    Builder builder;
    for (const std::string& text : lines) {
        const Json line = Json::parse(text, nullptr, false);
        if (line.is_object()) {
            builder.add(line);
        }
    }
    return builder.finish(title);
}

Result<std::string, io::FileError> draw_call(const CallEvents& events, std::string_view title) {
    return io::timeline_svg(timeline_of(events.from(0, most_lines).first, std::string(title)));
}

} // namespace keytone::server
