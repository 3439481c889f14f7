//! Reads a DIMACS minimum-cost-flow problem and prints the cost of the cheapest flow.
//!
//! `cargo run --release -p anlan-assign --example dimacs -- problem.min` (without a file: from standard input). Prints the
//! cost alone on a line, or `infeasible` or `unbounded`; with `--check` the independent checker runs over the flow too.

#![expect(clippy::print_stdout, reason = "an example talks to the terminal")]

use std::error::Error;
use std::io::Read as _;

use anlan_assign::{SolveError, check_optimal, read_dimacs, solve};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let file = arguments.iter().find(|argument| !argument.starts_with("--"));
    let text = if let Some(path) = file {
        std::fs::read_to_string(path)?
    } else {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        text
    };
    let network = read_dimacs(&text)?;
    match solve(&network) {
        Ok(flow) => {
            if arguments.iter().any(|argument| argument == "--check") {
                check_optimal(&network, &flow)?;
            }
            println!("{}", flow.cost);
        }
        Err(SolveError::Infeasible) => println!("infeasible"),
        Err(SolveError::Unbounded) => println!("unbounded"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
