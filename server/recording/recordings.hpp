// SPDX-License-Identifier: MIT
#pragma once

#include "server/metrics/metrics.hpp"
#include "server/recording/call_recording.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace keytone::server {

struct RecordingOptions {
    std::string folder;
    int keep_days = 90; ///< Older files are removed.
    RecordedKeys keys = RecordedKeys::keep;
};

/// Something that the log is to say.
struct RecordingNote {
    bool is_error;
    std::string event; ///< Two words.
    std::string what;
    std::string call; ///< Empty: of no call.
};

/// The recordings of a service: `<folder>/<session>.wav`, written by one thread for all calls. A disk that is
/// slow, full or gone costs recordings, and no call.
class Recordings {
  public:
    /// Makes the folder where it is not there, corrects the files that a service before has left open, and
    /// removes old ones; what fails is a note. `note` is called on any thread; it and `metrics` outlive it.
    /// `[control]`
    Recordings(RecordingOptions options, Metrics& metrics, std::function<void(const RecordingNote&)> note);
    /// Writes what the calls have left; they are over by then. `[control]`
    ~Recordings();
    Recordings(const Recordings&) = delete;
    Recordings& operator=(const Recordings&) = delete;

    /// The recording of a call that begins; closed at the latest when nobody has it any more. `[control]`
    std::shared_ptr<CallRecording> open(const std::string& session, const std::string& call);

    /// The path of a session's file; nothing where there is none, or it is being written. `[any]`
    [[nodiscard]] std::optional<std::string> file_of(std::string_view session);
    /// The name of a session's file. `[any]`
    static std::string file_name(std::string_view session);
    /// Whether there is a file of that name in the folder. `[any]`
    static bool is_there(const std::string& folder, const std::string& file_name);

  private:
    using Clock = std::chrono::steady_clock;

    void run();
    void hurry();
    /// Whether one of them is ending.
    bool write_all(const std::vector<std::shared_ptr<CallRecording>>& recordings);
    void look_through();
    void conclude(const CallRecording& recording);

    RecordingOptions options_;
    Metrics& metrics_;
    std::function<void(const RecordingNote&)> note_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::shared_ptr<CallRecording>> open_;
    bool is_hurried_ = false;
    bool ends_ = false;
    Clock::time_point next_look_;
    std::thread thread_; // last: it uses all of the above
};

} // namespace keytone::server
