// SPDX-License-Identifier: MIT
#include "server/recording/recordings.hpp"

#include "server/recording/signed_url.hpp"

#include <pthread.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace keytone::server {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// How often rings are emptied.
constexpr auto between_writes = 100ms;
/// The same, where a call waits for its last block.
constexpr auto between_last_writes = 10ms;
constexpr auto between_looks = 1h;
constexpr std::string_view ending = ".wav";
/// How long the end of the service waits for a disk.
constexpr auto last_patience = 5s;

bool is_recording(const fs::path& path) {
    const std::string name = path.filename().string();
    return name.ends_with(ending) && is_session_name(name.substr(0, name.size() - ending.size()));
}

} // namespace

std::string Recordings::file_name(std::string_view session) {
    return std::string(session) + std::string(ending);
}

bool Recordings::is_there(const std::string& folder, const std::string& file_name) {
    std::error_code ignored;
    return fs::path(file_name).filename() == file_name && is_recording(file_name) &&
           fs::is_regular_file(fs::path(folder) / file_name, ignored);
}

Recordings::Recordings(RecordingOptions options, Metrics& metrics,
                       std::function<void(const RecordingNote&)> note)
    : options_(std::move(options)), metrics_(metrics), note_(std::move(note)) {
    std::error_code error;
    fs::create_directories(options_.folder, error);
    if (error) {
        note_({true,
               "recording.folder",
               options_.folder + ": cannot be made: " + error.message() +
                   ": set recordings.path to a folder that may be written",
               {}});
    }
    for (const auto& entry : fs::directory_iterator(options_.folder, error)) {
        if (!is_recording(entry.path())) {
            continue;
        }
        if (entry.file_size(error) < WavFile::header_bytes) {
            fs::remove(entry.path(), error); // Killed before there was anything in it.
        } else if (auto fault = WavFile::mend(entry.path().string())) {
            note_({true, "recording.unmended", entry.path().string() + ": " + *fault, {}});
        }
    }
    look_through();
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), "recordings");
}

Recordings::~Recordings() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

std::shared_ptr<CallRecording> Recordings::open(const std::string& session, const std::string& call) {
    auto recording = std::make_shared<CallRecording>(
        (fs::path(options_.folder) / file_name(session)).string(), call, options_.keys, [this] { hurry(); });
    {
        const std::lock_guard lock(mutex_);
        open_.push_back(recording);
        metrics_.recordings_open.store(static_cast<std::int64_t>(open_.size()), std::memory_order_relaxed);
    }
    // Whoever lets go of it as the last has no more to say of it.
    return {recording.get(), [recording](CallRecording* over) { over->close(); }};
}

std::optional<std::string> Recordings::file_of(std::string_view session) {
    const std::string path = (fs::path(options_.folder) / file_name(session)).string();
    {
        const std::lock_guard lock(mutex_);
        if (std::ranges::any_of(open_, [&](const auto& open) { return open->path() == path; })) {
            return std::nullopt;
        }
    }
    return is_there(options_.folder, file_name(session)) ? std::optional(path) : std::nullopt;
}

void Recordings::hurry() {
    {
        const std::lock_guard lock(mutex_);
        is_hurried_ = true;
    }
    changed_.notify_one();
}

void Recordings::run() {
    std::unique_lock lock(mutex_);
    std::optional<Clock::time_point> over_by;
    bool has_ending = false;
    while (true) {
        changed_.wait_for(lock, has_ending ? between_last_writes : between_writes,
                          [&] { return is_hurried_ || (ends_ && (open_.empty() || !over_by)); });
        is_hurried_ = false;
        if (ends_ && !over_by) {
            over_by = Clock::now() + last_patience;
        }
        if (over_by && (open_.empty() || Clock::now() >= *over_by)) {
            return;
        }
        const auto recordings = open_;
        lock.unlock();
        has_ending = write_all(recordings);
        if (Clock::now() >= next_look_) {
            look_through();
        }
        lock.lock();
    }
}

bool Recordings::write_all(const std::vector<std::shared_ptr<CallRecording>>& recordings) {
    std::vector<const CallRecording*> over;
    bool has_ending = false;
    for (const auto& recording : recordings) {
        const CallRecording::Written written = recording->write();
        metrics_.recording_bytes.fetch_add(written.bytes, std::memory_order_relaxed);
        if (written.fault) {
            metrics_.recordings_failed.fetch_add(1, std::memory_order_relaxed);
            note_({true, "recording.failing", recording->path() + ": " + *written.fault, recording->call()});
        }
        has_ending = has_ending || written.is_ending;
        if (written.is_over) {
            conclude(*recording);
            over.push_back(recording.get());
        }
    }
    if (!over.empty()) {
        const std::lock_guard lock(mutex_);
        std::erase_if(open_, [&](const auto& open) { return std::ranges::count(over, open.get()) > 0; });
        metrics_.recordings_open.store(static_cast<std::int64_t>(open_.size()), std::memory_order_relaxed);
    }
    return has_ending;
}

void Recordings::conclude(const CallRecording& recording) {
    const auto result = recording.result_by(Clock::now());
    if (!result || !result->has_begun || result->missing == 0) {
        return;
    }
    constexpr SampleCount block = 160;
    constexpr SampleCount samples_a_ms = 8;
    metrics_.recording_lost_blocks.fetch_add(
        static_cast<std::uint64_t>((result->missing + block - 1) / block), std::memory_order_relaxed);
    note_({true, "recording.incomplete",
           std::to_string(result->missing / samples_a_ms) + " ms of " +
               std::to_string(result->length / samples_a_ms) + " are missing",
           recording.call()});
}

// Removes what is old.
void Recordings::look_through() {
    next_look_ = Clock::now() + between_looks;
    const auto oldest = fs::file_time_type::clock::now() - std::chrono::days(options_.keep_days);
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(options_.folder, error)) {
        std::error_code failed;
        const auto changed = entry.last_write_time(failed);
        if (!failed && changed < oldest && is_recording(entry.path()) && entry.is_regular_file(failed)) {
            fs::remove(entry.path(), failed);
        }
    }
}

} // namespace keytone::server
