// SPDX-License-Identifier: MIT
#include "server/program/call_reporter.hpp"

#include "server/store/schema.hpp"
#include "server/store/secret_table.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <utility>

namespace keytone::server {

namespace {

using namespace std::chrono_literals;

/// Changes of one transaction.
constexpr std::size_t most_together = 256;
/// How long the thread sleeps at most: so soon it sees what another program wants sent again, and what is
/// due.
constexpr auto longest_sleep = 250ms;
/// How often a store that fails is tried.
constexpr auto between_tries = 1s;
/// How often the service says that it lives, which tells when a lost call ended at the earliest.
constexpr auto between_looks = 5s;
constexpr std::int64_t most_forgotten = 1000; // each time
constexpr UnixMs ms_a_day = 86'400'000;
constexpr UnixMs ms_a_second = 1000;
/// How long reports wait for their recordings to be finished, all of a transaction together.
constexpr auto recording_patience = 250ms;

// The tables are there before anything is read from them.
std::string signing_key(Database& database) {
    migrate(database);
    return SecretTable(database).get("recordings");
}

// Errors: one line.
Result<int, std::string> lock_store(const std::string& path) {
    const std::string name = path + ".lock";
    const int file = open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (file < 0) {
        return name + ": cannot be made: " + std::strerror(errno) +
               ": set store.path to a file in a folder that may be written";
    }
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        close(file);
        return path + ": another keytone-server uses it: end that one, or set store.path to another file";
    }
    return file;
}

} // namespace

UnixMs unix_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

Result<std::unique_ptr<CallReporter>, std::string> CallReporter::create(CallReporterOptions options,
                                                                        ServiceLog& log) {
    const auto lock = lock_store(options.path);
    if (!lock) {
        return lock.error();
    }
    try {
        return std::unique_ptr<CallReporter>(new CallReporter(std::move(options), log, *lock));
    } catch (const std::exception& error) {
        close(*lock);
        return std::string(error.what());
    }
}

CallReporter::CallReporter(CallReporterOptions options, ServiceLog& log, int lock)
    : options_(std::move(options)),
      log_(log),
      lock_(lock),
      database_(options_.path),
      signer_(options_.public_url, signing_key(database_)),
      client_(options_.webhooks),
      courier_(outbox_, database_, client_, [this](const DeliveryNote& note) { tell(note); }) {
    report_lost();
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), "store");
}

CallReporter::~CallReporter() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    client_.wake();
    thread_.join();
    close(lock_);
}

void CallReporter::report_lost() {
    const UnixMs now = unix_ms();
    Transaction transaction(database_);
    const auto lost = calls_.unreported();
    const UnixMs alive = calls_.last_alive().value_or(0);
    for (StoredCall call : lost) {
        SessionEnding ending;
        ending.is_lost = true;
        ending.recording = recording_of(call, std::nullopt);
        call.ended_ms = std::max({alive, call.began_ms, call.answered_ms.value_or(0)});
        call.state = StoredState::ended;
        calls_.put(call);
        outbox_.put(call.session, session_report(call, ending), now);
        count_reported(call, ending);
        log_.put({LogLevel::warning,
                  "call.lost",
                  "it was lost with the service before",
                  call.call,
                  {{"session", call.session}}});
    }
    calls_.end_all(now);
    calls_.note_alive(now);
    transaction.commit();
}

std::uint64_t CallReporter::put(StoredCall call, std::optional<SessionEnding> ending,
                                std::shared_ptr<const CallRecording> recording,
                                std::shared_ptr<const CallEvents> events) {
    const bool is_report = ending.has_value();
    const std::size_t bytes = events ? events->bytes() : 0;
    std::string left_out;
    bool lacks_events = false;
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() < (is_report ? 2 * most_waiting : most_waiting)) {
            number = ++last_number_;
            lacks_events = event_bytes_ + bytes > most_event_bytes;
            event_bytes_ += lacks_events ? 0 : bytes;
            left_out = lacks_events ? call.call : "";
            waiting_.push_back({std::move(call), std::move(ending), number, std::move(recording),
                                lacks_events ? nullptr : std::move(events)});
        } else {
            left_out = std::move(call.call);
        }
    }
    if (lacks_events) {
        log_.put({LogLevel::error, "events.left_out",
                  "as many events wait to be written as may: give store.path a faster disk", left_out});
    }
    if (number == 0) {
        log_.put({LogLevel::error, is_report ? "report.left_out" : "store.left_out",
                  "as many changes wait to be written as may: give store.path a faster disk", left_out});
    }
    client_.wake();
    return number;
}

void CallReporter::run() {
    std::optional<Clock::time_point> over_by;
    while (true) {
        if (take_changes() && !over_by) {
            over_by = Clock::now() + last_patience;
            next_try_ = {}; // Once more, at least.
        }
        if (!is_failing_ || Clock::now() >= next_try_) {
            write_changes();
            look_after();
        }
        if (!is_failing_) {
            deliver();
        }
        const std::size_t left = changes_.size() + count_waiting();
        if (over_by && (is_failing_ || Clock::now() >= *over_by || (left == 0 && !courier_.is_busy()))) {
            if (left > 0) {
                log_.put({LogLevel::error,
                          "store.lost",
                          "changes of calls could not be written",
                          {},
                          {{"changes", left}}});
            }
            return;
        }
        client_.wait(left > 0 && !is_failing_ ? 0ms : longest_sleep);
    }
}

std::size_t CallReporter::count_waiting() {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

// Returns whether the service ends.
bool CallReporter::take_changes() {
    const std::lock_guard lock(mutex_);
    while (changes_.size() < most_together && !waiting_.empty()) {
        changes_.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return ends_;
}

void CallReporter::write_changes() {
    if (changes_.empty()) {
        return;
    }
    settle_recordings();
    try {
        write(changes_);
        kept_.store(changes_.back().number, std::memory_order_release);
        for (const Change& change : changes_) {
            forget_events(change);
        }
        changes_.clear();
        work();
    } catch (const StoreError& error) {
        if (error.is_of_the_request()) {
            write_each();
        } else {
            fail(error);
        }
    }
}

// A disk that stands still delays reports for a moment only.
void CallReporter::settle_recordings() {
    const auto until = Clock::now() + recording_patience;
    for (Change& change : changes_) {
        if (const auto recording = std::exchange(change.recording, nullptr)) {
            const auto result = recording->result_by(until);
            if (result && !result->is_there) {
                change.call.recording.clear();
            }
            change.ending->recording = recording_of(change.call, result);
        }
    }
}

// `result`: nothing where it is not known yet, or never will be.
ReportedRecording CallReporter::recording_of(const StoredCall& call,
                                             const std::optional<RecordingResult>& result) const {
    constexpr SampleCount samples_a_ms = 8;
    ReportedRecording told;
    const bool is_there =
        !call.recording.empty() && Recordings::is_there(options_.recordings, call.recording);
    if (is_there && !options_.public_url.empty()) {
        told.url = signer_.sign(call.session, unix_ms() / ms_a_second);
    }
    if (result) {
        told.fault = result->fault;
        told.missing_ms = result->is_there ? result->missing / samples_a_ms : 0;
    } else if (!is_there && !call.recording.empty()) {
        told.fault = "was not written in time";
    }
    return told;
}

void CallReporter::note_setup(std::chrono::duration<double> took) {
    if (options_.metrics != nullptr) {
        options_.metrics->setup.add(took.count());
    }
}

void CallReporter::count_reported(const StoredCall& call, const SessionEnding& ending) {
    if (options_.metrics != nullptr) {
        options_.metrics->count_reported(words_of(call, ending).disposition);
    }
}

void CallReporter::count_waiting_deliveries() {
    if (options_.metrics != nullptr) {
        const OutboxDepth depth = outbox_.depth();
        options_.metrics->outbox.store(depth.deliveries, std::memory_order_relaxed);
        options_.metrics->outbox_oldest.store(depth.oldest_ms.value_or(0), std::memory_order_relaxed);
    }
}

void CallReporter::write(const std::vector<Change>& changes) {
    const UnixMs now = unix_ms();
    Transaction transaction(database_);
    for (const Change& change : changes) {
        calls_.put(change.call);
        if (change.ending) {
            outbox_.put(change.call.session, session_report(change.call, *change.ending), now);
        }
        if (change.events) {
            calls_.put_events(change.call.session, change.events->text());
        }
        has_live_calls_ = has_live_calls_ || change.call.state != StoredState::ended;
    }
    transaction.commit();
    for (const Change& change : changes) {
        if (change.ending) {
            count_reported(change.call, *change.ending);
        }
    }
}

// One of them cannot be written, whatever the disk does: it shall not keep the others.
void CallReporter::write_each() {
    while (!changes_.empty()) {
        const Change& change = changes_.front();
        try {
            write({change});
        } catch (const StoreError& error) {
            if (!error.is_of_the_request()) {
                return fail(error);
            }
            log_.put({LogLevel::error, "store.refused", error.what(), change.call.call});
        }
        kept_.store(change.number, std::memory_order_release);
        forget_events(change);
        changes_.erase(changes_.begin());
    }
}

void CallReporter::forget_events(const Change& change) {
    if (change.events) {
        const std::lock_guard lock(mutex_);
        event_bytes_ -= change.events->bytes(); // No line is added once the call is over.
    }
}

void CallReporter::deliver() {
    try {
        courier_.step(unix_ms());
    } catch (const StoreError& error) {
        fail(error);
    }
}

// Says that the service lives, and forgets what is old. A store that has failed is tried by that, too.
void CallReporter::look_after() {
    const auto now = Clock::now();
    if (!changes_.empty() || (now < next_look_ && !is_failing_)) {
        return;
    }
    next_look_ = now + between_looks;
    try {
        if (has_live_calls_ || is_failing_) {
            calls_.note_alive(unix_ms());
        }
        calls_.forget_before(unix_ms() - options_.keep_days * ms_a_day, most_forgotten);
        count_waiting_deliveries();
        work();
    } catch (const StoreError& error) {
        fail(error);
    }
}

void CallReporter::fail(const StoreError& error) {
    next_try_ = Clock::now() + between_tries;
    tell_metrics(true);
    if (!is_failing_) {
        log_.put({LogLevel::error, "store.failing", error.what()});
        is_failing_ = true; // Said before: from now on calls begin without the store.
    }
}

void CallReporter::work() {
    tell_metrics(false);
    if (is_failing_.exchange(false)) {
        log_.put({LogLevel::info, "store.works", "the store is written again"});
    }
}

void CallReporter::tell_metrics(bool fails) {
    if (options_.metrics != nullptr) {
        options_.metrics->store_fails.store(fails, std::memory_order_relaxed);
    }
}

void CallReporter::tell(const DeliveryNote& note) {
    const bool is_last = !note.is_delivered && !note.again;
    LogEntry entry{note.is_delivered ? LogLevel::info
                   : is_last         ? LogLevel::error
                                     : LogLevel::warning,
                   note.is_delivered ? "report.delivered"
                   : is_last         ? "report.failed"
                                     : "report.refused",
                   note.outcome,
                   note.call,
                   {{"endpoint", note.label}, {"attempt", note.attempts}}};
    if (note.again) {
        entry.details["again_s"] = note.again->count();
    }
    log_.put(entry);
}

} // namespace keytone::server
