// SPDX-License-Identifier: MIT
//
// All functions run on the library's thread, except those of the interface.
#include "server/sip/re_signalling.hpp"

#include "server/sip/fact_queue.hpp"
#include "server/sip/re_admission.hpp"
#include "server/sip/re_dialog.hpp"
#include "server/sip/re_library.hpp"
#include "server/sip/re_loop.hpp"
#include "server/sip/re_message.hpp"
#include "server/sip/re_registration.hpp"
#include "server/sip/sip_reason.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <unordered_map>
#include <utility>

namespace keytone::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t table_size = 1024;
constexpr std::size_t most_name_servers = 4;
constexpr int most_ports_tried = 20;
/// How long BYEs under way are waited for at the end.
constexpr std::uint64_t last_wait_ms = 4000;

// `192.0.2.1:5060`, `[2001:db8::1]:5060`.
std::string text_of(const sa& address) {
    std::array<char, 64> text{};
    re_snprintf(text.data(), text.size(), "%J", &address);
    return text.data();
}

class ReSignalling final : public Signalling {
  public:
    explicit ReSignalling(SignallingConfig config)
        : config_(std::move(config)),
          admission_(config_.callers, config_.users),
          loop_([this] { return begin(); }, [this] { finish(); }) {}
    ~ReSignalling() override;
    ReSignalling(const ReSignalling&) = delete;
    ReSignalling& operator=(const ReSignalling&) = delete;

    [[nodiscard]] bool runs() const { return loop_.runs(); }

    DialogId invite(const Invitation& invitation) override;
    void accept(DialogId dialog, const MediaDescription& own) override;
    void end(DialogId dialog, int status) override;
    void refer(DialogId dialog, const std::string& target, const std::vector<SipHeader>& headers) override;
    void press(DialogId dialog, Key key, Milliseconds length) override;
    std::optional<SignallingFact> next(Clock::time_point until) override { return facts_.next(until); }
    void wake() override { facts_.wake(); }
    std::chrono::nanoseconds lag() override {
        const std::int64_t now = Clock::now().time_since_epoch().count();
        std::int64_t asked = 0; // It has come to all that it was asked.
        if (!asked_at_.compare_exchange_strong(asked, now)) {
            return std::chrono::nanoseconds(now - asked);
        }
        loop_.post([this] { asked_at_.store(0); });
        return std::chrono::nanoseconds{0};
    }

  private:
    bool begin();
    bool listen();
    bool add_transports(const sa& local);
    void shut_down();
    void stop_listening();
    void finish();
    void take_invite(const sip_msg& request);
    bool take_request(const sip_msg& request);
    bool refuse_too_brief(const sip_msg& request);
    ReDialog* dialog_of(const sip_msg& request);
    void refuse(const sip_msg& request, int status, const char* reason, const char* more = "");

    /// Runs `act` with the dialog on the library's thread, if the dialog still exists.
    template <class Act>
    void with(DialogId id, Act act) {
        loop_.post([this, id, act = std::move(act)] {
            if (const auto found = dialogs_.find(id); found != dialogs_.end()) {
                act(*found->second);
            }
        });
    }

    SignallingConfig config_;
    FactQueue facts_;
    std::atomic<std::int64_t> asked_at_{0}; ///< Of lag(), while it has not come to it: steady clock, in ns.
    ReAdmission admission_;
    std::atomic<std::uint64_t> last_id_ = 0;
    ReAgent agent_;
    Reference<dnsc> resolver_;
    // No references: the library keeps these pointers' addresses, and clears them when the listeners go.
    sip_lsnr* guard_ = nullptr;
    sip_lsnr* others_ = nullptr;
    std::unordered_map<DialogId, std::unique_ptr<ReDialog>> dialogs_;
    std::optional<ReRegistration> registration_;
    tmr last_wait_{};
    bool is_closing_ = false;
    ReLoop loop_; // last: its thread uses all of the above
};

ReSignalling::~ReSignalling() {
    if (runs()) {
        loop_.post([this] { shut_down(); });
    }
}

bool ReSignalling::begin() {
    tmr_init(&last_wait_);
    agent_.facts = &facts_;
    agent_.session_timer = config_.session_timer;
    agent_.srtp = config_.srtp;
    agent_.let_go = [this](DialogId id) { loop_.post([this, id] { dialogs_.erase(id); }); };
    if (!listen()) {
        return false;
    }
    if (config_.registration) {
        registration_.emplace(agent_.sip, agent_.family, *config_.registration,
                              [this](const RegistrationChanged& change) {
                                  facts_.push({DialogId{}, Clock::now(), change});
                              });
    }
    return true;
}

// UDP and TCP on one port. A port that the system chooses for UDP may be in use for TCP: then another is
// tried.
bool ReSignalling::add_transports(const sa& local) {
    const int tries = config_.port == 0 ? most_ports_tried : 1;
    for (int i = 0; i < tries; ++i) {
        sa chosen = local;
        if (sip_transp_add(agent_.sip, SIP_TRANSP_UDP, &local) != 0) {
            return false;
        }
        if (config_.port == 0) {
            sip_transp_laddr(agent_.sip, &chosen, SIP_TRANSP_UDP, nullptr);
        }
        if (sip_transp_add(agent_.sip, SIP_TRANSP_TCP, &chosen) == 0) {
            return true;
        }
        sip_transp_flush(agent_.sip);
    }
    return false;
}

bool ReSignalling::listen() {
    std::array<sa, most_name_servers> servers{};
    auto count = static_cast<std::uint32_t>(servers.size());
    dnsc* resolver = nullptr;
    // Without a name server numeric addresses are reached all the same.
    if (dns_srv_get(nullptr, 0, servers.data(), &count) != 0) {
        count = 0;
    }
    dnsc_alloc(&resolver, nullptr, servers.data(), count);
    resolver_.reset(resolver);
    sa local{};
    if (sa_set_str(&local, config_.address.c_str(), config_.port) != 0 ||
        sip_alloc(
            &agent_.sip, resolver, table_size, table_size, table_size, "keytone",
            [](void*) { ReLoop::stop(); }, this) != 0 ||
        !add_transports(local)) {
        return false;
    }
    agent_.family = sa_af(&local);
    const bool listens =
        // Before the sessions, which take every request of their dialogs.
        sip_listen(
            &guard_, agent_.sip, true,
            [](const sip_msg* request, void* self) {
                return static_cast<ReSignalling*>(self)->refuse_too_brief(*request);
            },
            this) == 0 &&
        sipsess_listen(
            &agent_.sessions, agent_.sip, static_cast<int>(table_size),
            [](const sip_msg* request, void* self) {
                static_cast<ReSignalling*>(self)->take_invite(*request);
            },
            this) == 0 &&
        sipevent_listen(&agent_.events, agent_.sip, table_size, table_size, nullptr, nullptr) == 0 &&
        sip_listen(
            &others_, agent_.sip, true,
            [](const sip_msg* request, void* self) {
                return static_cast<ReSignalling*>(self)->take_request(*request);
            },
            this) == 0;
    // The library calls this before it reads a message, and gives the message itself, no copy.
    sip_set_trace_handler(agent_.sip, [](bool sends, sip_transp, const sa* from, const sa* to,
                                         const std::uint8_t* bytes, std::size_t size, void* self) {
        auto& signalling = *static_cast<ReSignalling*>(self);
        if (signalling.config_.on_message) {
            signalling.config_.on_message(text_of(*from), text_of(*to),
                                          {reinterpret_cast<const char*>(bytes), size});
        }
        if (!sends) {
            amend_response(reinterpret_cast<char*>(const_cast<std::uint8_t*>(bytes)), size);
        }
    });
    return listens;
}

// The library stops the loop once its last transaction is over; else the timer does, and closes the sessions
// whose far side is silent.
void ReSignalling::shut_down() {
    is_closing_ = true;
    dialogs_.clear();
    registration_.reset();
    stop_listening();
    agent_.events = static_cast<sipevent_sock*>(mem_deref(agent_.events));
    tmr_start(
        &last_wait_, last_wait_ms,
        [](void* self) {
            ReAgent& agent = static_cast<ReSignalling*>(self)->agent_;
            sipsess_close_all(agent.sessions);
            sip_close(agent.sip, true);
            ReLoop::stop();
        },
        this);
    sip_close(agent_.sip, false);
}

void ReSignalling::stop_listening() {
    mem_deref(others_);
    mem_deref(guard_);
}

void ReSignalling::finish() {
    tmr_cancel(&last_wait_);
    stop_listening(); // Where it never began.
    agent_.sessions = static_cast<sipsess_sock*>(mem_deref(agent_.sessions));
    agent_.sip = static_cast<::sip*>(mem_deref(agent_.sip));
    resolver_.reset();
}

DialogId ReSignalling::invite(const Invitation& invitation) {
    const DialogId id{++last_id_};
    loop_.post([this, id, invitation] {
        auto dialog = std::make_unique<ReDialog>(id, agent_);
        ReDialog& placed = *dialog;
        dialogs_.emplace(id, std::move(dialog));
        placed.invite(invitation);
    });
    return id;
}

void ReSignalling::accept(DialogId dialog, const MediaDescription& own) {
    with(dialog, [own](ReDialog& found) { found.accept(own); });
}

void ReSignalling::end(DialogId dialog, int status) {
    with(dialog, [status](ReDialog& found) { found.end(status); });
}

void ReSignalling::refer(DialogId dialog, const std::string& target, const std::vector<SipHeader>& headers) {
    with(dialog, [target, headers](ReDialog& found) { found.refer(target, headers); });
}

void ReSignalling::press(DialogId dialog, Key key, Milliseconds length) {
    with(dialog, [key, length](ReDialog& found) { found.press(key, length); });
}

void ReSignalling::refuse(const sip_msg& request, int status, const char* reason, const char* more) {
    sip_treplyf(nullptr, nullptr, agent_.sip, &request, false, static_cast<std::uint16_t>(status), reason,
                "%sContent-Length: 0\r\n\r\n", more);
}

void ReSignalling::take_invite(const sip_msg& request) {
    const bool is_from_registrar = registration_ && registration_->is_from_registrar(request.src);
    auto user =
        is_from_registrar ? std::optional<std::string>(std::in_place) : admission_.admit(agent_.sip, request);
    if (!user) {
        return;
    }
    if (!is_whole(request)) {
        return refuse(request, 400, reason_phrase(400));
    }
    if (is_closing_ || dialogs_.size() >= config_.max_dialogs) {
        return refuse(request, 503, reason_phrase(503), "Retry-After: 5\r\n");
    }
    if (const auto lacking = lacking_extension(request)) {
        return refuse(request, 420, "Bad Extension", ("Unsupported: " + *lacking + "\r\n").c_str());
    }
    if (asks_too_brief_a_session(request)) {
        return refuse(request, 422, reason_phrase(422), min_se_line);
    }
    std::optional<MediaDescription> offer;
    if (!rest_of(request.mb).empty()) {
        auto read = read_session_description(rest_of(request.mb), config_.srtp);
        MediaDescription own;
        own.address = config_.address;
        offer_srtp(own, config_.srtp);
        if (!read || !answer_to(*read, own)) {
            return refuse(request, 488, reason_phrase(488));
        }
        offer = *std::move(read);
    }
    const DialogId id{++last_id_};
    auto dialog = std::make_unique<ReDialog>(id, agent_);
    if (!dialog->take_invite(request, std::move(offer), *std::move(user))) {
        return refuse(request, 400, reason_phrase(400));
    }
    dialogs_.emplace(id, std::move(dialog));
}

ReDialog* ReSignalling::dialog_of(const sip_msg& request) {
    const auto found =
        std::ranges::find_if(dialogs_, [&](const auto& entry) { return entry.second->is_of(request); });
    return found == dialogs_.end() ? nullptr : found->second.get();
}

// Refuses a change of a session that would make it too brief: RFC 4028, 9. The dialog is looked for only
// where there is a session timer.
bool ReSignalling::refuse_too_brief(const sip_msg& request) {
    const std::string_view method = view(request.met);
    if ((method != "INVITE" && method != "UPDATE") || !pl_isset(&request.to.tag) ||
        !asks_too_brief_a_session(request)) {
        return false;
    }
    ReDialog* const dialog = dialog_of(request);
    return dialog != nullptr && dialog->refuse_too_brief(request);
}

// Answers the requests that no session takes.
bool ReSignalling::take_request(const sip_msg& request) {
    const std::string_view method = view(request.met);
    if (method == "ACK") {
        return true;
    }
    if (method == "UPDATE") {
        if (ReDialog* const dialog = dialog_of(request)) {
            dialog->take_update(request);
        } else {
            sip_reply(agent_.sip, &request, 481, "Call/Transaction Does Not Exist");
        }
        return true;
    }
    if (method == "OPTIONS") {
        sip_replyf(agent_.sip, &request, 200, "OK", "%sAccept: application/sdp\r\nContent-Length: 0\r\n\r\n",
                   allow_line);
        return true;
    }
    if (method == "CANCEL" || method == "BYE" || method == "INFO" || method == "NOTIFY" ||
        method == "PRACK") {
        sip_reply(agent_.sip, &request, 481, "Call/Transaction Does Not Exist");
        return true;
    }
    if (method == "REFER") {
        sip_reply(agent_.sip, &request, 603, reason_phrase(603));
        return true;
    }
    sip_replyf(agent_.sip, &request, 405, "Method Not Allowed", "%sContent-Length: 0\r\n\r\n", allow_line);
    return true;
}

} // namespace

Result<std::unique_ptr<Signalling>, std::string> make_re_signalling(const SignallingConfig& config) {
    auto made = std::make_unique<ReSignalling>(config);
    if (!made->runs()) {
        return config.address + (config.port == 0 ? "" : ":" + std::to_string(config.port)) +
               ": cannot be listened on: name an address of this machine and a port that is free";
    }
    return std::unique_ptr<Signalling>(std::move(made));
}

} // namespace keytone::server
