// SPDX-License-Identifier: MIT
#include "bench/accuracy/score.hpp"

#include <cstddef>

namespace keytone::accuracy {

namespace {

double percent(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

Score& Score::operator+=(const Score& other) {
    sent += other.sent;
    hits += other.hits;
    missed += other.missed;
    wrong += other.wrong;
    extra += other.extra;
    return *this;
}

double Score::hit_percent() const {
    return percent(hits, sent);
}

double Score::accepted_percent() const {
    return percent(sent - missed, sent);
}

Score score(std::span<const SentKey> sent, std::span<const HeardKey> heard) {
    Score score{.sent = static_cast<std::int64_t>(sent.size())};
    std::size_t next = 0;
    while (next < heard.size() && (sent.empty() || heard[next].at_s < sent.front().onset_s)) {
        ++next;
        ++score.extra;
    }
    for (std::size_t i = 0; i < sent.size(); ++i) {
        bool hit = false;
        std::int64_t others = 0;
        for (; next < heard.size(); ++next) {
            const double at_s = heard[next].at_s;
            if (i + 1 < sent.size() && at_s >= sent[i + 1].onset_s) {
                break;
            }
            const bool in_time = at_s <= sent[i].end_s + report_allowance_s;
            if (in_time && !hit && heard[next].key == sent[i].key) {
                hit = true;
            } else if (in_time && heard[next].key != sent[i].key) {
                ++others;
            } else {
                ++score.extra;
            }
        }
        if (hit) {
            ++score.hits;
            score.extra += others;
        } else if (others > 0) {
            ++score.wrong;
            score.extra += others - 1;
        } else {
            ++score.missed;
        }
    }
    return score;
}

} // namespace keytone::accuracy
