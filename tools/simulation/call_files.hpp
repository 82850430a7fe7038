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

/// Creates the folder that a call is written to, if it does not exist. `[control]`
std::optional<Failure> make_call_folder(const std::string& folder);

/// Writes the files of a call: leg-a.wav and leg-b.wav (sent), leg-a-heard.wav and leg-b-heard.wav,
/// events.jsonl, recording.jsonl with the text `recording` and the permissions `readers`, timeline.svg and
/// timeline.png. Errors: a file that cannot be written. `[control]`
std::optional<Failure> write_call(const simulation::CallRecord& record, const std::string& recording,
                                  io::FileReaders readers, const std::string& folder);

/// The paths of these files, a line each.
std::string files_told(const std::string& folder);

/// What happened, in words, and the paths of the files in `folder`.
std::string told(const simulation::CallRecord& record, const std::string& folder);

} // namespace keytone::tools
