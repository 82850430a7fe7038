// SPDX-License-Identifier: MIT
//
// The store and the reports of a service, on a thread of their own: disks and receivers are slow.
//
//     control thread ──calls as they change──► queue ──► store ──► outbox ──► endpoints
//                    ◄──── how far it is ─────────────────┘
//
// Several changes are one transaction. When the store cannot write, changes wait in the queue; calls go on.
#pragma once

#include "dsp/result.hpp"
#include "server/api/call_desk.hpp"
#include "server/metrics/metrics.hpp"
#include "server/program/service_log.hpp"
#include "server/recording/recordings.hpp"
#include "server/recording/signed_url.hpp"
#include "server/reports/report_courier.hpp"
#include "server/reports/session_report.hpp"
#include "server/reports/webhook_client.hpp"
#include "server/store/call_table.hpp"
#include "server/store/database.hpp"
#include "server/store/outbox.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace keytone::server {

struct CallReporterOptions {
    std::string path;           ///< Of the store.
    WebhookPolicy webhooks;     ///< Whom reports may be sent to.
    int keep_days = 90;         ///< How long calls that have ended are kept.
    std::string recordings{};   ///< The folder; empty: none.
    std::string public_url{};   ///< By which they are heard; empty: they are not served.
    Metrics* metrics = nullptr; ///< Null: nothing is counted.
};

/// The wall clock, as the store has it. `[any]`
UnixMs unix_ms();

class CallReporter {
  public:
    /// How many changes may wait; further ones are left out, and the log says so. Ends of calls may be twice
    /// as many: a change that is left out is made up for by the call's end.
    static constexpr std::size_t most_waiting = 10'000;
    /// Of these changes, how many bytes of events; further ones are left out.
    static constexpr std::size_t most_event_bytes = std::size_t{256} * 1024 * 1024;
    /// How long requests that are under way may take when the service ends.
    static constexpr std::chrono::seconds last_patience{5};

    /// Opens the store, and reports the calls that were lost with the service before. Errors: one line.
    /// `log` outlives it. `[control]`
    static Result<std::unique_ptr<CallReporter>, std::string> create(CallReporterOptions options,
                                                                     ServiceLog& log);
    /// Writes what waits. `[control]`
    ~CallReporter();
    CallReporter(const CallReporter&) = delete;
    CallReporter& operator=(const CallReporter&) = delete;

    /// A call began or changed; with `ending`, it is to be reported, and its recording with it; with
    /// `events`, these are kept. Returns a number for is_kept(). `[control]`
    std::uint64_t put(StoredCall call, std::optional<SessionEnding> ending = std::nullopt,
                      std::shared_ptr<const CallRecording> recording = nullptr,
                      std::shared_ptr<const CallEvents> events = nullptr);
    /// A call was answered so long after its INVITE. `[any]`
    void note_setup(std::chrono::duration<double> took);
    /// Signs and checks the recordings' URLs. `[any]`
    [[nodiscard]] const UrlSigner& signer() const { return signer_; }
    /// Whether a change is on the disk, or will not be there soon. `[control]`
    [[nodiscard]] bool is_kept(std::uint64_t number) const {
        return number <= kept_.load(std::memory_order_acquire) || is_failing_.load(std::memory_order_relaxed);
    }

  private:
    struct Change {
        StoredCall call;
        std::optional<SessionEnding> ending;
        std::uint64_t number;
        std::shared_ptr<const CallRecording> recording{};
        std::shared_ptr<const CallEvents> events{};
    };
    using Clock = std::chrono::steady_clock;

    CallReporter(CallReporterOptions options, ServiceLog& log, int lock);
    void report_lost();
    void run();
    bool take_changes();
    std::size_t count_waiting();
    void write_changes();
    void settle_recordings();
    [[nodiscard]] ReportedRecording recording_of(const StoredCall& call,
                                                 const std::optional<RecordingResult>& result) const;
    void write(const std::vector<Change>& changes);
    void write_each();
    void forget_events(const Change& change);
    void deliver();
    void look_after();
    void count_reported(const StoredCall& call, const SessionEnding& ending);
    void count_waiting_deliveries();
    void tell_metrics(bool fails);
    void fail(const StoreError& error);
    void work();
    void tell(const DeliveryNote& note);

    CallReporterOptions options_;
    ServiceLog& log_;
    int lock_; ///< A descriptor: the file tells other services that the store is in use.
    Database database_;
    CallTable calls_{database_};
    Outbox outbox_{database_};
    UrlSigner signer_;
    WebhookClient client_;
    ReportCourier courier_;

    std::mutex mutex_;
    std::deque<Change> waiting_;
    std::size_t event_bytes_ = 0; ///< Of changes that are not written yet.
    std::uint64_t last_number_ = 0;
    bool ends_ = false;

    std::vector<Change> changes_; ///< Taken from the queue, and not written yet.
    bool has_live_calls_ = false;
    Clock::time_point next_look_;
    Clock::time_point next_try_; ///< Of the store, while it fails.
    std::atomic<std::uint64_t> kept_{0};
    std::atomic<bool> is_failing_{false};
    std::thread thread_; // last: it uses all of the above
};

} // namespace keytone::server
