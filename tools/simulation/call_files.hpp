// SPDX-License-Identifier: MIT
#pragma once

#include "engine/io/byte_output.hpp"
#include "tools/console/failure.hpp"
#include "tools/simulation/call_record.hpp"

#include <optional>
#include <string>

namespace keytone::tools {

/// Every output line of a call.
std::string event_lines(const simulation::CallRecord& record);

/// Makes the folder that a call is written to, if it is not there. `[control]`
std::optional<Failure> make_call_folder(const std::string& folder);

/// Writes what a call leaves behind: leg-a.wav and leg-b.wav (sent), leg-a-heard.wav and leg-b-heard.wav,
/// events.jsonl, recording.jsonl with the text `recording` for `readers`, timeline.svg and timeline.png.
/// Errors: a file that cannot be written. `[control]`
std::optional<Failure> write_call(const simulation::CallRecord& record, const std::string& recording,
                                  io::FileReaders readers, const std::string& folder);

/// Where they lie, a line each.
std::string files_told(const std::string& folder);

/// What happened, in plain words, and where it lies in `folder`.
std::string told(const simulation::CallRecord& record, const std::string& folder);

} // namespace keytone::tools
