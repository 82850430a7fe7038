// SPDX-License-Identifier: MIT
//
// All that runs here runs on the library's thread, but for the constructor and what is marked [control].
#include "server/sip/sofia_signalling.hpp"

#include "server/sip/address_range.hpp"
#include "server/sip/fact_queue.hpp"
#include "server/sip/sip_bodies.hpp"
#include "server/sip/sofia_dialog.hpp"
#include "server/sip/sofia_guard.hpp"
#include "server/sip/sofia_loop.hpp"

#include <sofia-sip/msg_addr.h>
#include <sofia-sip/nua.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/su_tag.h>

#include <algorithm>
#include <atomic>
#include <unordered_map>
#include <utility>

namespace keytone::server {

namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* allowed_methods =
    "INVITE, ACK, CANCEL, BYE, UPDATE, INFO, OPTIONS, REFER, NOTIFY, PRACK";
constexpr const char* answered_methods = "UPDATE, INFO, OPTIONS, REFER";

class SofiaSignalling final : public Signalling {
  public:
    explicit SofiaSignalling(SignallingConfig config)
        : config_(std::move(config)), loop_([this](su_root_t* root) { return make_agent(root); }) {}

    [[nodiscard]] bool runs() const { return loop_.runs(); }

    DialogId invite(const Invitation& invitation) override;
    void ring(DialogId dialog) override;
    void accept(DialogId dialog, const MediaDescription& own) override;
    void end(DialogId dialog, int status) override;
    void refer(DialogId dialog, const std::string& target, const std::vector<SipHeader>& headers) override;
    void press(DialogId dialog, Key key, Milliseconds length) override;
    std::optional<SignallingFact> next(Clock::time_point until) override { return facts_.next(until); }

  private:
    /// One event of the library.
    struct Event {
        nua_event_t kind;
        int status;
        nua_handle_t* handle;
        SofiaDialog* dialog; ///< Null before there is one.
        const sip_t* sip;    ///< Null for the library's own.
    };

    nua_t* make_agent(su_root_t* root);
    static void on_event(nua_event_t kind, int status, const char* phrase, nua_t* agent, nua_magic_t* self,
                         nua_handle_t* handle, nua_hmagic_t* dialog, const sip_t* sip, tagi_t* tags);
    void take(const Event& event);
    void take_request_outside(const Event& event);
    void take_invite(const Event& event);
    void let_go(const Event& event);
    [[nodiscard]] bool may_call() const;

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
    std::unordered_map<DialogId, std::unique_ptr<SofiaDialog>> dialogs_;
    SofiaLoop loop_; // last: its thread uses all of the above
};

nua_t* SofiaSignalling::make_agent(su_root_t* root) {
    const bool is_v6 = config_.address.find(':') != std::string::npos;
    const std::string url = "sip:" + (is_v6 ? "[" + config_.address + "]" : config_.address) + ":" +
                            (config_.port == 0 ? "*" : std::to_string(config_.port));
    return nua_create(root, on_event, reinterpret_cast<nua_magic_t*>(this), NUTAG_URL(url.c_str()),
                      NUTAG_MEDIA_ENABLE(0), NUTAG_AUTOALERT(0), NUTAG_AUTOANSWER(0), NUTAG_AUTOACK(1),
                      NUTAG_AUTO302(0), NUTAG_MAX_RETRY_AFTER(0), NUTAG_UPDATE_REFRESH(1),
                      NUTAG_SESSION_TIMER(static_cast<unsigned>(config_.session_timer.count())),
                      NUTAG_MIN_SE(static_cast<unsigned>(config_.min_session_timer.count())),
                      NUTAG_ALLOW(allowed_methods), NUTAG_APPL_METHOD(answered_methods),
                      SIPTAG_USER_AGENT_STR("keytone"), NTATAG_MAX_FORWARDS(70), TAG_END());
}

DialogId SofiaSignalling::invite(const Invitation& invitation) {
    const DialogId id{++last_id_};
    loop_.post([this, id, invitation] {
        auto dialog = std::make_unique<SofiaDialog>(id, loop_.agent(), facts_);
        SofiaDialog& placed = *dialog;
        dialogs_.emplace(id, std::move(dialog));
        placed.invite(invitation);
    });
    return id;
}

void SofiaSignalling::ring(DialogId dialog) {
    with(dialog, [](SofiaDialog& found) { found.ring(); });
}

void SofiaSignalling::accept(DialogId dialog, const MediaDescription& own) {
    with(dialog, [own](SofiaDialog& found) { found.accept(own); });
}

void SofiaSignalling::end(DialogId dialog, int status) {
    with(dialog, [status](SofiaDialog& found) { found.end(status); });
}

void SofiaSignalling::refer(DialogId dialog, const std::string& target,
                            const std::vector<SipHeader>& headers) {
    with(dialog, [target, headers](SofiaDialog& found) { found.refer(target, headers); });
}

void SofiaSignalling::press(DialogId dialog, Key key, Milliseconds length) {
    with(dialog, [key, length](SofiaDialog& found) { found.press(key, length); });
}

void SofiaSignalling::on_event(nua_event_t kind, int status, const char* /*phrase*/, nua_t* /*agent*/,
                               nua_magic_t* self, nua_handle_t* handle, nua_hmagic_t* dialog,
                               const sip_t* sip, tagi_t* /*tags*/) {
    reinterpret_cast<SofiaSignalling*>(self)->take(
        {kind, status, handle, reinterpret_cast<SofiaDialog*>(dialog), sip});
}

void SofiaSignalling::take(const Event& event) {
    if (event.kind == nua_r_shutdown) {
        if (event.status >= 200) {
            loop_.note_shutdown();
        }
        return;
    }
    if (event.kind == nua_i_terminated) {
        let_go(event);
        return;
    }
    if (event.dialog != nullptr) {
        event.dialog->take(event.kind, event.status, event.sip);
    } else if (event.kind == nua_i_invite) {
        take_invite(event);
    } else {
        take_request_outside(event);
    }
}

// Of no dialog: nothing may be asked for so but whether we are there.
void SofiaSignalling::take_request_outside(const Event& event) {
    switch (event.kind) {
    case nua_i_options:
        nua_respond(event.handle, SIP_200_OK, NUTAG_WITH_THIS(loop_.agent()), TAG_END());
        break;
    case nua_i_info:
    case nua_i_update:
        nua_respond(event.handle, SIP_481_NO_TRANSACTION, NUTAG_WITH_THIS(loop_.agent()), TAG_END());
        break;
    case nua_i_refer:
        nua_respond(event.handle, SIP_603_DECLINE, NUTAG_WITH_THIS(loop_.agent()), TAG_END());
        break;
    default:
        return;
    }
    nua_handle_destroy(event.handle);
}

bool SofiaSignalling::may_call() const {
    const su_sockaddr_t* const from = msg_addr(nua_current_request(loop_.agent()));
    if (config_.callers.empty()) {
        return contains({"127.0.0.0", 8}, from->su_sa) || contains({"::1", 128}, from->su_sa);
    }
    return std::ranges::any_of(config_.callers,
                               [&](const AddressRange& range) { return contains(range, from->su_sa); });
}

void SofiaSignalling::take_invite(const Event& event) {
    if (!may_call()) {
        nua_respond(event.handle, SIP_403_FORBIDDEN, TAG_END());
        return;
    }
    if (dialogs_.size() >= config_.max_dialogs) {
        nua_respond(event.handle, SIP_503_SERVICE_UNAVAILABLE, SIPTAG_RETRY_AFTER_STR("5"), TAG_END());
        return;
    }
    if (!has_usable_targets(*event.sip)) {
        nua_respond(event.handle, SIP_400_BAD_REQUEST, TAG_END());
        return;
    }
    const DialogId id{++last_id_};
    auto dialog = std::make_unique<SofiaDialog>(id, loop_.agent(), facts_);
    if (dialog->take_invite(event.handle, *event.sip)) {
        nua_handle_bind(event.handle, reinterpret_cast<nua_hmagic_t*>(dialog.get()));
        dialogs_.emplace(id, std::move(dialog));
    }
}

void SofiaSignalling::let_go(const Event& event) {
    if (event.dialog != nullptr) {
        const DialogId id = event.dialog->id();
        event.dialog->terminated(event.status);
        dialogs_.erase(id);
    }
    nua_handle_destroy(event.handle);
}

} // namespace

Result<std::unique_ptr<Signalling>, std::string> make_sofia_signalling(const SignallingConfig& config) {
    auto made = std::make_unique<SofiaSignalling>(config);
    if (!made->runs()) {
        return config.address + (config.port == 0 ? "" : ":" + std::to_string(config.port)) +
               ": cannot be listened on: name an address of this machine and a port that is free";
    }
    return std::unique_ptr<Signalling>(std::move(made));
}

} // namespace keytone::server
