// SPDX-License-Identifier: MIT
#include "server/metrics/metrics_text.hpp"

#include <array>
#include <charconv>
#include <initializer_list>
#include <utility>

namespace keytone::server {

namespace {

constexpr double ms_a_second = 1000.0;
constexpr std::array<std::string_view, 2> legs{"a", "b"};

std::string number(double value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}

std::string number(std::uint64_t value) {
    return std::to_string(value);
}
std::string number(std::int64_t value) {
    return std::to_string(value);
}

/// Writes families one after the other.
class Page {
  public:
    /// Begins a family: its samples follow.
    void family(std::string_view name, std::string_view type, std::string_view help) {
        name_ = "keytone_" + std::string(name);
        text_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " + std::string(type) +
                 "\n";
    }
    /// `labels`: as `leg="a"`; the words in them are this program's own, and need no escapes.
    template <class Value>
    void sample(Value value, const std::string& labels = {}, std::string_view ending = {}) {
        text_ += name_ + std::string(ending) + (labels.empty() ? "" : "{" + labels + "}") + " " +
                 number(value) + "\n";
    }
    template <std::size_t bounds>
    void histogram(std::string_view name, std::string_view help, const Histogram<bounds>& histogram) {
        family(name, "histogram", help);
        std::uint64_t below = 0;
        for (std::size_t i = 0; i < bounds; ++i) {
            below += histogram.count(i);
            sample(below, "le=\"" + number(histogram.upper()[i]) + "\"", "_bucket");
        }
        below += histogram.count(bounds);
        sample(below, "le=\"+Inf\"", "_bucket");
        sample(histogram.sum(), {}, "_sum");
        sample(below, {}, "_count");
    }
    void counter(std::string_view name, std::string_view help, const Metrics::Count& count) {
        family(name, "counter", help);
        sample(count.load(std::memory_order_relaxed));
    }
    void gauge(std::string_view name, std::string_view help, const Metrics::Level& level) {
        family(name, "gauge", help);
        sample(level.load(std::memory_order_relaxed));
    }
    std::string take() { return std::move(text_); }

  private:
    std::string name_;
    std::string text_;
};

std::string label(std::string_view name, std::string_view value) {
    return std::string(name) + "=\"" + std::string(value) + "\"";
}

void write_calls(Page& page, const Metrics& metrics, const ProcessFacts& facts) {
    page.family("calls", "gauge", "Calls now, by state.");
    for (std::size_t i = 0; i + 1 < call_stages.size(); ++i) { // not the ended ones
        page.sample(metrics.calls[i].load(std::memory_order_relaxed), label("state", call_stages[i]));
    }
    page.family("calls_max", "gauge", "Calls that there may be at once.");
    page.sample(std::uint64_t{facts.most_calls});
    page.family("calls_reported_total", "counter", "Calls that were reported, by disposition.");
    for (std::size_t i = 0; i < dispositions.size(); ++i) {
        page.sample(metrics.reported[i].load(std::memory_order_relaxed),
                    label("disposition", dispositions[i]));
    }
    page.counter("calls_refused_total", "Calls that came in and were not taken.", metrics.refused);
    page.histogram("call_setup_seconds", "From the INVITE to its 200.", metrics.setup);
}

void write_streams(Page& page, const Metrics& metrics) {
    page.counter("rtp_packets_received_total", "RTP packets that were heard.", metrics.packets_in);
    page.counter("rtp_packets_sent_total", "RTP packets that were sent.", metrics.packets_out);
    page.counter("rtp_packets_lost_total", "RTP packets that far ends numbered and that did not come.",
                 metrics.packets_lost);
    page.counter("rtp_packets_late_total", "RTP packets that came too late to be played as a whole.",
                 metrics.packets_late);
    page.histogram("rtp_jitter_seconds", "Interarrival jitter (RFC 3550) of each leg, every 5 s.",
                   metrics.jitter);
    page.family("keys_sent_total", "counter", "Keys that were sent, by leg.");
    for (std::size_t leg = 0; leg < legs.size(); ++leg) {
        page.sample(metrics.keys_sent[leg].load(std::memory_order_relaxed), label("leg", legs[leg]));
    }
    page.family("keys_heard_total", "counter", "Keys that were heard, by leg.");
    for (std::size_t leg = 0; leg < legs.size(); ++leg) {
        page.sample(metrics.keys_heard[leg].load(std::memory_order_relaxed), label("leg", legs[leg]));
    }
    page.histogram("media_lateness_seconds", "How late media threads begin their slots of 1 ms.",
                   metrics.lateness);
    page.counter("media_skipped_ticks_total", "Ticks of calls, 20 ms each, that were left out.",
                 metrics.skipped_ticks);
}

void write_reports(Page& page, const Metrics& metrics, const ProcessFacts& facts) {
    page.gauge("outbox_deliveries", "Deliveries of reports that wait.", metrics.outbox);
    const std::int64_t oldest = metrics.outbox_oldest.load(std::memory_order_relaxed);
    page.family("outbox_oldest_age_seconds", "gauge", "How old the oldest report that waits is.");
    page.sample(oldest > 0 && facts.now_ms > oldest ? static_cast<double>(facts.now_ms - oldest) / ms_a_second
                                                    : 0.0);
}

} // namespace

std::string metrics_text(const Metrics& metrics, const ProcessFacts& facts) {
    Page page;
    page.family("build_info", "gauge", "Always 1; its label is the version.");
    page.sample(std::uint64_t{1}, label("version", facts.version));
    page.family("start_time_seconds", "gauge", "When the service began: Unix time.");
    page.sample(static_cast<double>(facts.started_ms) / ms_a_second);
    page.family("media_threads", "gauge", "Threads that carry the calls' sound.");
    page.sample(std::uint64_t{facts.media_threads});
    write_calls(page, metrics, facts);
    write_streams(page, metrics);
    write_reports(page, metrics, facts);
    page.gauge("agent_sockets", "Sockets of agents that are open.", metrics.agents_open);
    page.histogram("agent_round_trip_seconds", "From a ping at an agent's socket to its pong.",
                   metrics.agent_round_trip);
    page.gauge("recordings_open", "Recordings that are being written.", metrics.recordings_open);
    page.counter("recordings_failed_total", "Recordings of which nothing, or not all, could be written.",
                 metrics.recordings_failed);
    page.counter("recording_lost_blocks_total",
                 "Blocks of 20 ms that are silent in recordings as they were lost.",
                 metrics.recording_lost_blocks);
    page.counter("recording_written_bytes_total", "Bytes of sound in recordings.", metrics.recording_bytes);
    return page.take();
}

} // namespace keytone::server
