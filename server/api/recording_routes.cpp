// SPDX-License-Identifier: MIT
#include "engine/io/file_descriptor.hpp"
#include "server/api/byte_range.hpp"
#include "server/api/call_lookup.hpp"
#include "server/api/json_answer.hpp"
#include "server/api/routes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

namespace keytone::server {

namespace {

constexpr std::size_t bytes_a_piece = std::size_t{64} * 1024;

ApiFault no_recording() {
    return {404, "no_recording", "there is no recording of this call: it is not over, or was not recorded"};
}

// The file's bytes of `range`, piece by piece.
std::function<HttpPiece()> pieces_of(io::FileDescriptor file, ByteRange range) {
    auto shared = std::make_shared<io::FileDescriptor>(std::move(file));
    return [file = std::move(shared), at = range.begin, end = range.end]() mutable {
        HttpPiece piece;
        piece.bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(bytes_a_piece, end - at)));
        const auto count =
            pread(file->number(), piece.bytes.data(), piece.bytes.size(), static_cast<off_t>(at));
        piece.bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        at += piece.bytes.size();
        piece.is_last = at >= end || piece.bytes.empty(); // Empty: the file was cut meanwhile.
        return piece;
    };
}

HttpResponse sound(const std::string& path, const std::string& asked) {
    auto file = io::FileDescriptor::owning(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat about {};
    if (file.number() < 0 || fstat(file.number(), &about) != 0 || !S_ISREG(about.st_mode)) {
        return error_answer(no_recording());
    }
    const auto size = static_cast<std::uint64_t>(about.st_size);
    const auto range = read_byte_range(asked, size);
    HttpResponse response;
    if (!range.can_be_met) {
        response =
            error_answer({416, "bad_range", "the range is beyond the recording's end: ask for another"});
        response.headers.push_back({"Content-Range", "bytes */" + std::to_string(size)});
        return response;
    }
    response.headers = {{"Content-Type", "audio/wav"}, {"Accept-Ranges", "bytes"}};
    ByteRange part{0, size};
    if (range.part) {
        part = *range.part;
        response.status = 206;
        response.headers.push_back({"Content-Range", "bytes " + std::to_string(part.begin) + "-" +
                                                         std::to_string(part.end - 1) + "/" +
                                                         std::to_string(size)});
    }
    response.length = part.end - part.begin;
    response.pieces = pieces_of(std::move(file), part);
    return response;
}

// The session of a call that has a recording.
Result<std::string, ApiFault> recorded(const ApiContext& context, std::string_view id) {
    const auto found = find_any(context, id);
    if (!found) {
        return no_call();
    }
    const std::string& session = found->past.call.session;
    if (context.recordings == nullptr || !context.recordings->file_of(session)) {
        return no_recording();
    }
    return session;
}

} // namespace

void get_recording_url(const ApiContext& context, RouteCall& call) {
    const auto session = recorded(context, call.names[0]);
    if (!session) {
        return call.reply(error_answer(session.error()));
    }
    call.reply(data_answer({{"recording_url", context.recordings->url_of(*session)}}));
}

void get_recording(const ApiContext& context, RouteCall& call) {
    const auto session = recorded(context, call.names[0]);
    if (!session) {
        return call.reply(error_answer(session.error()));
    }
    const auto file = context.recordings->file_of(*session);
    call.reply(file ? sound(*file, call.request.range) : error_answer(no_recording()));
}

void get_signed_recording(const ApiContext& context, RouteCall& call) {
    const HttpTarget& target = call.request.target;
    const std::string& session = call.names[0];
    if (context.recordings == nullptr ||
        !context.recordings->is_valid(session, target.asked("expires").value_or(""),
                                      target.asked("signature").value_or(""))) {
        return call.reply(error_answer({403, "bad_signature",
                                        "the URL was not made here, or is no longer valid: ask for a fresh "
                                        "one by GET /api/v2/calls/{id}/recording-url"}));
    }
    const auto file = context.recordings->file_of(session);
    call.reply(file ? sound(*file, call.request.range) : error_answer(no_recording()));
}

} // namespace keytone::server
