//! Makes the declarations from afina.h with the command bindgen, and tells cargo where the library is. The crate
//! bindgen would do as well; the command needs no other crate.

use std::env;
use std::path::Path;
use std::process::Command;

/// What a command prints.
fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|e| panic!("{program}: {e}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {errors}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn main() {
    let include = output("pkg-config", &["--variable=includedir", "afina"]);
    let library = output("pkg-config", &["--variable=libdir", "afina"]);
    let header = format!("{include}/afina.h");
    let bindings = Path::new(&env::var("OUT_DIR").unwrap()).join("bindings.rs");
    output(
        "bindgen",
        &[
            &header,
            "--allowlist-function=afina_.*",
            "--allowlist-var=AFINA_.*",
            "--no-prepend-enum-name",
            "--no-layout-tests",
            "--output",
            bindings.to_str().unwrap(),
        ],
    );
    println!("cargo:rustc-link-search=native={library}");
    println!("cargo:rustc-link-lib=dylib=afina");
    println!("cargo:rerun-if-changed={header}");
    println!("cargo:rerun-if-env-changed=PKG_CONFIG_PATH");
}
