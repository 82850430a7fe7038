// SPDX-License-Identifier: MIT
//
// All that runs here runs on the library's thread, but for what is of the interface.
#include "server/sip/re_signalling.hpp"

#include "server/sip/fact_queue.hpp"
#include "server/sip/re_dialog.hpp"
#include "server/sip/re_library.hpp"
#include "server/sip/re_loop.hpp"
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
/// For what is under way of BYEs when all ends.
constexpr std::uint64_t last_wait_ms = 4000;

// `192.0.2.1:5060`, `[2001:db8::1]:5060`.
std::string text_of(const sa& address) {
    std::array<char, 64> text{};
    re_snprintf(text.data(), text.size(), "%J", &address);
    return text.data();
}

// As the library tells it from a response: `METHOD URI SIP/2.0`.
bool is_request(std::string_view message) {
    const std::string_view line = message.substr(0, message.find_first_of("\r\n"));
    const auto method_end = line.find(' ');
    const auto uri_end = method_end == std::string_view::npos ? method_end : line.find(' ', method_end + 1);
    return uri_end != std::string_view::npos && line.substr(uri_end + 1) == "SIP/2.0";
}

// The first extension that the other requires and we lack; nothing where there is none.
std::optional<std::string> lacking_extension(const sip_msg& request) {
    for (const le* entry = request.hdrl.head; entry != nullptr; entry = entry->next) {
        const auto* const header = static_cast<const sip_hdr*>(entry->data);
        if (header->id == SIP_HDR_REQUIRE && view(header->val) != "timer") {
            return std::string(view(header->val));
        }
    }
    return std::nullopt;
}

// Its CSeq names its method, and its body is all there: RFC 3261, 8.1.1.5 and 18.3.
bool is_whole(const sip_msg& request) {
    return view(request.cseq.met) == view(request.met) &&
           (!pl_isset(&request.clen) || pl_u32(&request.clen) <= mbuf_get_left(request.mb));
}

class ReSignalling final : public Signalling {
  public:
    explicit ReSignalling(SignallingConfig config)
        : config_(std::move(config)), loop_([this] { return begin(); }, [this] { finish(); }) {}
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

  private:
    bool begin();
    bool listen();
    bool add_transports(const sa& local);
    void shut_down();
    void finish();
    void take_invite(const sip_msg& request);
    bool take_request(const sip_msg& request);
    void see(std::string_view message);
    [[nodiscard]] bool may_call(const sa& from) const;
    void refuse(const sip_msg& request, int status, const char* reason, const char* more = "");

    /// Has `act` run with the dialog, on the thread, if it is there still.
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
    std::atomic<std::uint64_t> last_id_ = 0;
    ReAgent agent_;
    Reference<dnsc> resolver_;
    Reference<sip_lsnr> others_;
    std::unordered_map<DialogId, std::unique_ptr<ReDialog>> dialogs_;
    tmr last_wait_{};
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
    return listen();
}

// UDP and TCP on one port. One that the system chooses for UDP may be taken for TCP: then another.
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
    sip_lsnr* others = nullptr;
    const bool listens =
        sipsess_listen(
            &agent_.sessions, agent_.sip, static_cast<int>(table_size),
            [](const sip_msg* request, void* self) {
                static_cast<ReSignalling*>(self)->take_invite(*request);
            },
            this) == 0 &&
        sipevent_listen(&agent_.events, agent_.sip, table_size, table_size, nullptr, nullptr) == 0 &&
        sip_listen(
            &others, agent_.sip, true,
            [](const sip_msg* request, void* self) {
                return static_cast<ReSignalling*>(self)->take_request(*request);
            },
            this) == 0;
    others_.reset(others);
    // The library follows redirects by itself. It shows each message before it takes it.
    sip_set_trace_handler(agent_.sip, [](bool sends, sip_transp, const sa* from, const sa* to,
                                         const std::uint8_t* bytes, std::size_t size, void* self) {
        auto& signalling = *static_cast<ReSignalling*>(self);
        const std::string_view message(reinterpret_cast<const char*>(bytes), size);
        if (signalling.config_.on_message) {
            signalling.config_.on_message(text_of(*from), text_of(*to), message);
        }
        if (!sends) {
            signalling.see(message);
        }
    });
    return listens;
}

// The stack stops the loop once its last transaction is over, or its time is.
void ReSignalling::shut_down() {
    dialogs_.clear();
    others_.reset();
    agent_.events = static_cast<sipevent_sock*>(mem_deref(agent_.events));
    agent_.sessions = static_cast<sipsess_sock*>(mem_deref(agent_.sessions));
    tmr_start(
        &last_wait_, last_wait_ms,
        [](void* self) {
            sip_close(static_cast<ReSignalling*>(self)->agent_.sip, true);
            ReLoop::stop();
        },
        this);
    sip_close(agent_.sip, false);
}

void ReSignalling::finish() {
    tmr_cancel(&last_wait_);
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

bool ReSignalling::may_call(const sa& from) const {
    if (config_.callers.empty()) {
        return contains({"127.0.0.0", 8}, from.u.sa) || contains({"::1", 128}, from.u.sa);
    }
    return std::ranges::any_of(config_.callers,
                               [&](const AddressRange& range) { return contains(range, from.u.sa); });
}

void ReSignalling::refuse(const sip_msg& request, int status, const char* reason, const char* more) {
    sip_treplyf(nullptr, nullptr, agent_.sip, &request, false, static_cast<std::uint16_t>(status), reason,
                "%sContent-Length: 0\r\n\r\n", more);
}

void ReSignalling::take_invite(const sip_msg& request) {
    if (!may_call(request.src)) {
        return refuse(request, 403, reason_phrase(403));
    }
    if (!is_whole(request)) {
        return refuse(request, 400, reason_phrase(400));
    }
    if (dialogs_.size() >= config_.max_dialogs) {
        return refuse(request, 503, reason_phrase(503), "Retry-After: 5\r\n");
    }
    if (const auto lacking = lacking_extension(request)) {
        return refuse(request, 420, "Bad Extension", ("Unsupported: " + *lacking + "\r\n").c_str());
    }
    if (const auto expires = session_expires_of(request);
        expires && expires->interval < min_session_expires) {
        return refuse(request, 422, "Session Interval Too Small", "Min-SE: 90\r\n");
    }
    std::optional<MediaDescription> offer;
    if (!rest_of(request.mb).empty()) {
        auto read = read_session_description(rest_of(request.mb), config_.srtp);
        MediaDescription own;
        offer_srtp(own, config_.srtp);
        if (!read || !answer_to(*read, own)) {
            return refuse(request, 488, reason_phrase(488));
        }
        offer = *std::move(read);
    }
    const DialogId id{++last_id_};
    auto dialog = std::make_unique<ReDialog>(id, agent_);
    if (!dialog->take_invite(request, std::move(offer))) {
        return refuse(request, 400, reason_phrase(400));
    }
    dialogs_.emplace(id, std::move(dialog));
}

// What no session takes.
bool ReSignalling::take_request(const sip_msg& request) {
    const std::string_view method = view(request.met);
    if (method == "ACK") {
        return true;
    }
    if (method == "UPDATE") {
        const auto found = std::ranges::find_if(
            dialogs_, [&](const auto& entry) { return entry.second->take_update(request); });
        if (found == dialogs_.end()) {
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

// Before the library takes it, who takes any word for a response's version, and any digits in front of 302.
void ReSignalling::see(std::string_view message) {
    if (dialogs_.empty() || is_request(message)) {
        return;
    }
    const auto copy = buffer_of(message);
    sip_msg* decoded = nullptr;
    if (copy == nullptr || sip_msg_decode(&decoded, copy.get()) != 0) {
        return;
    }
    const Reference<sip_msg> response(decoded);
    if (response->scode < 300 || response->scode >= 400) {
        return;
    }
    for (const auto& [id, dialog] : dialogs_) {
        if (dialog->has_call_id(view(response->callid))) {
            dialog->take_redirect(response->scode);
            return;
        }
    }
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
