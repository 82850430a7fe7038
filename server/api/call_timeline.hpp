// SPDX-License-Identifier: MIT
#pragma once

#include "engine/io/file_error.hpp"
#include "engine/io/picture/timeline.hpp"
#include "server/api/call_desk.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// What a picture of a call shows, by the lines of its events; a line that is none is passed over. `[any]`
io::Timeline timeline_of(const std::vector<std::string>& lines, const std::string& title);

/// The picture, an SVG document. Errors: what it shows cannot be drawn. `[http]`
Result<std::string, io::FileError> draw_call(const CallEvents& events, std::string_view title);

} // namespace keytone::server
