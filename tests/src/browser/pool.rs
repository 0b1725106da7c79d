//! Browsers that keep running between tests, because starting one takes seconds. Each test has
//! exclusive use of its browser, in a new context without cookies, storage or caches, like a fresh
//! profile. There are never more browsers than concurrent tests.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::chromium::Chromium;
use super::firefox::Firefox;
use super::{Engine, Error, Instance};

type Idle = Vec<(Engine, Box<dyn Instance>)>;

// Never dropped: `process` ends these browsers together with this program.
static IDLE: Mutex<Idle> = Mutex::new(Vec::new());

/// Takes an idle browser, or starts one if there is none.
pub(super) fn take(engine: Engine) -> Result<Box<dyn Instance>, Error> {
    while let Some(mut instance) = take_idle(engine) {
        // A browser that has crashed is dropped.
        if instance.open_context().is_ok() {
            return Ok(instance);
        }
    }
    let mut instance: Box<dyn Instance> = match engine {
        Engine::Chromium => Box::new(Chromium::start(&[])?),
        Engine::Firefox => Box::new(Firefox::start()?),
    };
    instance.open_context()?;
    Ok(instance)
}

/// Returns a browser for the next test, unless it has crashed.
pub(super) fn give_back(engine: Engine, mut instance: Box<dyn Instance>) {
    if instance.close_context().is_ok() {
        idle().push((engine, instance));
    }
}

fn take_idle(engine: Engine) -> Option<Box<dyn Instance>> {
    let mut idle = idle();
    let place = idle.iter().position(|(known, _)| *known == engine)?;
    Some(idle.swap_remove(place).1)
}

fn idle() -> MutexGuard<'static, Idle> {
    IDLE.lock().unwrap_or_else(PoisonError::into_inner)
}
