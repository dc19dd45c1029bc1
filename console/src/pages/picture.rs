//! The picture that customers see beside a person's answers. The browser cuts it to a small square before it is sent, so
//! that any photo will do and its metadata stays on the device.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, File, HtmlInputElement, ImageBitmap, ImageEncodeOptions, OffscreenCanvas,
    OffscreenCanvasRenderingContext2d,
};

use crate::api::{ApiError, account};
use crate::clock::now;
use crate::context::current_texts;

/// Width and height of the square, in pixels: enough for 64 on a fine screen.
const SIDE: u32 = 192;

/// Shows the picture, and sets or removes it.
#[component]
pub fn PictureForm() -> impl IntoView {
    let texts = current_texts();
    // Another address, so the browser asks again.
    let version = RwSignal::new(now());
    let (is_there, error) = (RwSignal::new(true), RwSignal::new(""));
    let changed = move |done: Result<(), ApiError>| match done {
        Ok(()) => {
            error.set("");
            is_there.set(true);
            version.set(now());
        }
        Err(failed) => error.set(failed.sentence(texts).unwrap_or(texts.failed)),
    };
    let choose = move |event: web_sys::Event| {
        let field = event_target::<HtmlInputElement>(&event);
        let file = field.files().and_then(|files| files.get(0));
        field.set_value("");
        let Some(file) = file else { return };
        spawn_local(async move {
            match square(&file).await {
                Some(picture) => changed(account::set_picture(&picture).await),
                None => error.set(texts.file_bad),
            }
        });
    };
    let remove = move |_| spawn_local(async move { changed(account::remove_picture().await) });
    let address = move || [account::PICTURE, "?", &version.get().to_string()].concat();
    view! {
        <div class="picture">
            <span class="face large" aria-hidden="true">
                <img src=address alt="" hidden=move || !is_there.get()
                    on:load=move |_| is_there.set(true) on:error=move |_| is_there.set(false) />
            </span>
            <div>
                <label class="plain choose-picture">
                    {texts.picture_choose}
                    <input type="file" accept="image/*" on:change=choose />
                </label>
                {move || is_there.get().then(|| view! {
                    <button type="button" class="plain" on:click=remove>{texts.picture_remove}</button>
                })}
                <small>{texts.picture_hint}</small>
                <p class="wrong" role="alert">{move || error.get()}</p>
            </div>
        </div>
    }
}

/// Returns the middle of a picture as a small square; none for what the browser cannot draw.
async fn square(file: &File) -> Option<Blob> {
    let read = window().create_image_bitmap_with_blob(file).ok()?;
    let picture: ImageBitmap = JsFuture::from(read).await.ok()?.dyn_into().ok()?;
    let canvas = OffscreenCanvas::new(SIDE, SIDE).ok()?;
    let context: OffscreenCanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    // What is transparent would be black.
    context.set_fill_style_str("#fff");
    let side = f64::from(SIDE);
    context.fill_rect(0.0, 0.0, side, side);
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let cut = width.min(height);
    let drawn = context.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
        &picture,
        (width - cut) / 2.0,
        (height - cut) / 2.0,
        cut,
        cut,
        0.0,
        0.0,
        side,
        side,
    );
    drawn.ok()?;
    let options = ImageEncodeOptions::new();
    options.set_type("image/jpeg");
    options.set_quality(0.9);
    let encoded: Result<JsValue, JsValue> =
        JsFuture::from(canvas.convert_to_blob_with_options(&options).ok()?).await;
    encoded.ok()?.dyn_into().ok()
}
