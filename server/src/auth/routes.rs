//! The router that takes admitted handlers only, and remembers which route has which admission.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};

use super::Admitted;
use crate::app::App;

/// One route, as the list of all of them shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The path with its parameters in braces.
    pub path: &'static str,
    /// The HTTP method; GET answers HEAD, too.
    pub method: &'static str,
    /// The name of the admission that its handler takes.
    pub admission: &'static str,
}

/// Routes of one group.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    all: Vec<Route>,
}

macro_rules! methods {
    ($($name:ident $filter:ident),*) => {
        $(
            #[doc = concat!("Adds a route for `", stringify!($filter), "`.")]
            pub fn $name<H, T, P>(self, path: &'static str, handler: H) -> Self
            where
                H: Handler<T, App>,
                T: Admitted<P> + 'static,
            {
                self.add(path, stringify!($filter), MethodFilter::$filter, handler)
            }
        )*
    };
}

impl Routes {
    methods!(get GET, post POST, put PUT, patch PATCH, delete DELETE);

    fn add<H, T, P>(
        mut self,
        path: &'static str,
        method: &'static str,
        filter: MethodFilter,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: Admitted<P> + 'static,
    {
        self.all.push(Route { path, method, admission: T::NAME });
        self.router = self.router.route(path, on(filter, handler));
        self
    }

    /// The routes with their admissions.
    pub fn list(&self) -> &[Route] {
        &self.all
    }

    /// The routes as axum serves them.
    pub fn into_router(self) -> Router<App> {
        self.router
    }
}
