//! The DIMACS format for minimum-cost-flow problems.
//!
//! `c` comments; `p min NODES ARCS`; `n ID SUPPLY`; `a FROM TO LOW CAP COST`. Nodes count from 1. A negative `CAP` is
//! read as no bound, as some generators write it.

use crate::network::{Arc, Network, NetworkError};

/// Says where a text is not a DIMACS minimum-cost-flow problem.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DimacsError {
    /// A line is not of the format.
    #[error("line {line}: expected {expected}")]
    Line {
        /// Number of the line, from 1.
        line: usize,
        /// What would have been right.
        expected: String,
    },
    /// There is no problem line.
    #[error("there is no line `p min NODES ARCS`")]
    NoProblem,
    /// There are more or fewer arcs than announced.
    #[error("{announced} arcs are announced, {found} are there")]
    Arcs {
        /// As the problem line says.
        announced: usize,
        /// How many `a` lines there are.
        found: usize,
    },
    /// The network makes no sense.
    #[error(transparent)]
    Network(#[from] NetworkError),
}

/// Reads a minimum-cost-flow problem.
pub fn read_dimacs(text: &str) -> Result<Network, DimacsError> {
    let mut network: Option<(Network, usize)> = None;
    for (index, line) in text.lines().enumerate() {
        let line_number = index + 1;
        let mut words = line.split_whitespace();
        let Some(kind) = words.next() else { continue };
        let words: Vec<&str> = words.collect();
        match (kind, &mut network) {
            ("c", _) => {}
            ("p", None) => network = Some(problem(line_number, &words)?),
            ("n", Some((network, _))) => supply(line_number, &words, network)?,
            ("a", Some((network, _))) => arc(line_number, &words, network)?,
            ("p", Some(_)) => return Err(fault(line_number, "only one problem line")),
            (_, None) => return Err(fault(line_number, "`p min NODES ARCS` before anything else")),
            _ => return Err(fault(line_number, "a line that begins with c, n or a")),
        }
    }
    let (network, announced) = network.ok_or(DimacsError::NoProblem)?;
    if announced != network.arcs.len() {
        return Err(DimacsError::Arcs {
            announced,
            found: network.arcs.len(),
        });
    }
    network.check()?;
    Ok(network)
}

fn fault(line: usize, expected: &str) -> DimacsError {
    DimacsError::Line {
        line,
        expected: expected.to_owned(),
    }
}

fn problem(line: usize, words: &[&str]) -> Result<(Network, usize), DimacsError> {
    let expected = "`p min NODES ARCS`";
    let [kind, nodes, arcs] = words else {
        return Err(fault(line, expected));
    };
    if *kind != "min" {
        return Err(fault(line, expected));
    }
    let number = |text: &str| text.parse::<usize>().map_err(|_| fault(line, expected));
    let nodes = number(nodes)?;
    if nodes > 50_000_000 {
        return Err(fault(line, "at most 50000000 nodes"));
    }
    Ok((Network::new(nodes), number(arcs)?))
}

fn supply(line: usize, words: &[&str], network: &mut Network) -> Result<(), DimacsError> {
    let expected = "`n ID SUPPLY` with a node of the problem";
    let [node, supply] = words else {
        return Err(fault(line, expected));
    };
    let node = node_of(node, network).ok_or_else(|| fault(line, expected))?;
    let supply: i64 = supply.parse().map_err(|_| fault(line, expected))?;
    // Adds up, should a node be named twice.
    let place = &mut network.supplies[node];
    *place = place.checked_add(supply).ok_or_else(|| fault(line, expected))?;
    Ok(())
}

fn arc(line: usize, words: &[&str], network: &mut Network) -> Result<(), DimacsError> {
    let expected = "`a FROM TO LOW CAP COST` with nodes of the problem and whole numbers";
    let [from, to, lower, upper, cost] = words else {
        return Err(fault(line, expected));
    };
    let number = |text: &str| text.parse::<i64>().map_err(|_| fault(line, expected));
    let node = |text: &str| node_of(text, network).ok_or_else(|| fault(line, expected));
    let arc = Arc {
        from: node(from)?,
        to: node(to)?,
        lower: number(lower)?,
        upper: Some(number(upper)?).filter(|upper| *upper >= 0),
        cost: number(cost)?,
    };
    network.arcs.push(arc);
    Ok(())
}

/// The node that a number from 1 names.
fn node_of(text: &str, network: &Network) -> Option<usize> {
    let node = text.parse::<usize>().ok()?.checked_sub(1)?;
    (node < network.supplies.len()).then_some(node)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_read() {
        let network = read_dimacs("c small\np min 2 1\nn 1 4\nn 2 -4\na 1 2 0 10 3\n").unwrap();
        assert_eq!(network.supplies, [4, -4]);
        assert_eq!(network.arcs[0].upper, Some(10));
    }

    #[test]
    fn a_fault_is_named_with_its_line() {
        let line = |text: &str| read_dimacs(text).unwrap_err().to_string();
        assert!(line("p min 2 1\na 1 3 0 1 1\n").starts_with("line 2"));
        assert!(line("p max 2 1\n").starts_with("line 1"));
        assert!(line("p min 2 1\n").contains("1 arcs are announced, 0"));
        assert!(line("").contains("p min"));
        assert!(line("p min 2 1\na 1 2 0 x 1\n").starts_with("line 2"));
    }
}
