//! A fresh profile that prevents extra pages, prompts, and network traffic to anything but the
//! server under test. When automated, Firefox itself sets more preferences of this kind
//! (`remote.prefs.recommended`).

use std::fs;
use std::io;

use tempfile::TempDir;

use crate::browser::REBOUND_NAMES;

const PREFERENCES: &[(&str, &str)] = &[
    ("app.normandy.enabled", "false"),
    ("app.update.disabledForTesting", "true"),
    ("app.update.auto", "false"),
    ("app.shield.optoutstudies.enabled", "false"),
    ("browser.aboutwelcome.enabled", "false"),
    ("browser.contentblocking.introCount", "99"),
    ("browser.download.alwaysOpenPanel", "false"),
    ("browser.newtabpage.enabled", "false"),
    ("browser.newtabpage.activity-stream.feeds.telemetry", "false"),
    ("browser.newtabpage.activity-stream.telemetry", "false"),
    ("browser.ping-centre.telemetry", "false"),
    ("browser.region.network.url", "\"\""),
    ("browser.region.update.enabled", "false"),
    ("browser.safebrowsing.blockedURIs.enabled", "false"),
    ("browser.safebrowsing.downloads.enabled", "false"),
    ("browser.safebrowsing.malware.enabled", "false"),
    ("browser.safebrowsing.phishing.enabled", "false"),
    ("browser.safebrowsing.provider.mozilla.updateURL", "\"\""),
    ("browser.search.update", "false"),
    ("browser.sessionstore.resume_from_crash", "false"),
    ("browser.shell.checkDefaultBrowser", "false"),
    ("browser.startup.homepage", "\"about:blank\""),
    ("browser.startup.homepage_override.mstone", "\"ignore\""),
    ("browser.startup.page", "0"),
    ("browser.topsites.contile.enabled", "false"),
    ("browser.translations.enable", "false"),
    ("browser.uitour.enabled", "false"),
    ("browser.urlbar.suggest.searches", "false"),
    ("datareporting.healthreport.uploadEnabled", "false"),
    ("datareporting.policy.dataSubmissionEnabled", "false"),
    ("datareporting.policy.dataSubmissionPolicyBypassNotification", "true"),
    ("datareporting.usage.uploadEnabled", "false"),
    // Few tests ever use the preallocated process.
    ("dom.ipc.processPrelaunch.enabled", "false"),
    ("dom.push.connection.enabled", "false"),
    // In a sandbox without a GPU, probing for one takes a second.
    ("gfx.canvas.accelerated", "false"),
    ("layers.acceleration.disabled", "true"),
    ("extensions.getAddons.cache.enabled", "false"),
    ("extensions.systemAddon.update.enabled", "false"),
    ("extensions.update.enabled", "false"),
    ("extensions.blocklist.enabled", "false"),
    // Gives the window focus even if another Firefox is running.
    ("focusmanager.testmode", "true"),
    ("geo.provider.testing", "true"),
    // Determines the order in which the parts of dates and times are typed.
    ("intl.accept_languages", "\"en-US, en\""),
    ("intl.locale.requested", "\"en-US\""),
    ("media.gmp-manager.updateEnabled", "false"),
    ("media.gmp-manager.url", "\"\""),
    ("messaging-system.rsexperimentloader.enabled", "false"),
    ("nimbus.rollouts.enabled", "false"),
    ("network.captive-portal-service.enabled", "false"),
    ("network.connectivity-service.enabled", "false"),
    ("network.dns.disablePrefetch", "true"),
    ("network.http.speculative-parallel-limit", "0"),
    ("network.prefetch-next", "false"),
    // No proxy, even if the system has one.
    ("network.proxy.type", "0"),
    ("network.trr.mode", "5"),
    ("privacy.query_stripping.enabled", "false"),
    ("security.remote_settings.crlite_filters.enabled", "false"),
    ("security.remote_settings.intermediates.enabled", "false"),
    ("services.settings.server", "\"data:,#remote-settings-dummy/v1\""),
    ("signon.rememberSignons", "false"),
    ("startup.homepage_welcome_url", "\"about:blank\""),
    ("startup.homepage_welcome_url.additional", "\"\""),
    ("termsofuse.bypassNotification", "true"),
    ("toolkit.cosmeticAnimations.enabled", "false"),
    ("toolkit.startup.max_resumed_crashes", "-1"),
    ("toolkit.telemetry.enabled", "false"),
    ("toolkit.telemetry.server", "\"\""),
    ("toolkit.telemetry.unified", "false"),
];

/// Creates a profile.
pub(super) fn create() -> io::Result<TempDir> {
    let profile = TempDir::new()?;
    let line = |(name, value): (&str, &str)| format!("user_pref(\"{name}\", {value});\n");
    let mut text: String = PREFERENCES.iter().copied().map(line).collect();
    // Downloads are saved without a prompt, in a folder that is deleted along with the profile.
    let folder = format!("{:?}", profile.path().join("Downloads").display().to_string());
    text += &line(("browser.download.folderList", "2"));
    text += &line(("browser.download.dir", &folder));
    let names = format!("\"{}\"", REBOUND_NAMES.join(","));
    text += &line(("network.dns.localDomains", &names));
    fs::write(profile.path().join("user.js"), text)?;
    Ok(profile)
}
