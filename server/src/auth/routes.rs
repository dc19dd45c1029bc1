//! The router that takes admitted handlers only, and remembers which route has which admission.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};

use super::Admitted;
use crate::app::App;
use crate::openapi::{Answers, Described, Operation, Part, Schemas};

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
    all: Vec<(Route, Described)>,
}

macro_rules! methods {
    ($($name:ident $filter:ident),*) => {
        $(
            #[doc = concat!("Adds a route for `", stringify!($filter), "`.")]
            pub fn $name<H, T, P>(self, path: &'static str, handler: H) -> Self
            where
                H: Handler<T, App> + Answers<T>,
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
        H: Handler<T, App> + Answers<T>,
        T: Admitted<P> + 'static,
    {
        let parts = vec![Part(T::describe), Part(<H as Answers<T>>::describe)];
        let name = std::any::type_name::<H>();
        let described = Described { path, method, handler: name, parts };
        self.all.push((Route { path, method, admission: T::NAME }, described));
        self.router = self.router.route(path, on(filter, handler));
        self
    }

    /// Says of the route before it what no type says.
    #[must_use]
    pub fn says(mut self, more: fn(&mut Operation, &mut Schemas)) -> Self {
        if let Some((_, described)) = self.all.last_mut() {
            described.parts.push(Part(more));
        }
        self
    }

    /// The routes with their admissions.
    pub fn list(&self) -> Vec<Route> {
        self.all.iter().map(|(route, _)| *route).collect()
    }

    /// The routes with what describes them.
    pub fn described(&self) -> Vec<Described> {
        self.all.iter().map(|(_, described)| described.clone()).collect()
    }

    /// The routes as axum serves them.
    pub fn into_router(self) -> Router<App> {
        self.router
    }
}
