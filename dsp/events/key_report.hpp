// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/events/telephone_event.hpp"
#include "dsp/keys.hpp"
#include "dsp/units.hpp"

#include <cstdint>

namespace keytone {

/// Reports that a key began or ended, on the clock of the RTP stream it came in. Made by the receiver of
/// telephone events and by the merger.
struct KeyReport {
    enum class Kind : std::uint8_t { begin, end };
    /// How the key came.
    enum class Source : std::uint8_t {
        telephone_event, ///< As packets: RFC 4733.
        in_band,         ///< As tones.
    };

    Kind kind;
    Source source;
    Key key;
    RtpTimestamp onset;   ///< When the key began.
    SampleCount duration; ///< From the onset to its end, in clock units; 0 unless `end`.
    Dbm0 level;           ///< Both tones together, as the sender reports it or as measured at the onset.
    bool end_inferred; ///< No packet reported the end: the duration is what was known when it was given up.

    friend bool operator==(const KeyReport&, const KeyReport&) = default;
};

} // namespace keytone
