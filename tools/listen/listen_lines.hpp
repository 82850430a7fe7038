// SPDX-License-Identifier: MIT
//
// The lines that `keytone listen` and `keytone monitor --all` print.
#pragma once

#include "dsp/dtmf_detector.hpp"
#include "dsp/sample_rate.hpp"
#include "tools/console/json_line.hpp"
#include "tools/listen/line_ear.hpp"

#include <string>

namespace keytone::tools {

/// What was heard, in words: `speech`, `answered by human`.
std::string in_words(const HeardThing& heard);
/// The same as keys of JSON: what, start_s, end_s and those of its kind.
Json as_json(const HeardThing& heard, double rate_hz);

/// Where a line belongs.
struct HeardWhere {
    std::string path; ///< `-` is standard input.
    int channel;      ///< Counted from 1.
};
/// `path<TAB>channel<TAB>start<TAB>end<TAB>words`, times in seconds; control characters in the path become
/// `?`.
std::string text_line(const HeardWhere& where, double start_s, double end_s, const std::string& words);
/// One object: file, channel, then the keys of `heard`.
std::string json_line_of(const HeardWhere& where, const Json& heard);
/// A key, as keys of JSON: what, start_s, end_s, digit and what `keytone detect` tells of it.
Json as_json(const DtmfReport& key, double rate_hz);

} // namespace keytone::tools
