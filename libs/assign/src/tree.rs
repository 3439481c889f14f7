//! The spanning tree of the network simplex method.

/// No node.
pub(crate) const NONE: usize = usize::MAX;

/// A rooted tree over all nodes; every node but the root hangs on its parent by one arc.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) parent: Vec<usize>,
    /// The arc between a node and its parent.
    pub(crate) arc: Vec<usize>,
    /// +1 when that arc leads to the parent, -1 when it leads from it.
    pub(crate) direction: Vec<i64>,
    pub(crate) depth: Vec<usize>,
    first_child: Vec<usize>,
    next: Vec<usize>,
    previous: Vec<usize>,
    stack: Vec<usize>,
}

impl Tree {
    /// A tree of `nodes` nodes that hangs nothing yet.
    pub(crate) fn new(nodes: usize) -> Self {
        Self {
            parent: vec![NONE; nodes],
            arc: vec![NONE; nodes],
            direction: vec![0; nodes],
            depth: vec![0; nodes],
            first_child: vec![NONE; nodes],
            next: vec![NONE; nodes],
            previous: vec![NONE; nodes],
            stack: Vec::new(),
        }
    }

    /// Hangs `node` on `parent` by `arc`.
    pub(crate) fn hang(&mut self, node: usize, parent: usize, arc: usize, direction: i64) {
        self.parent[node] = parent;
        self.arc[node] = arc;
        self.direction[node] = direction;
        self.depth[node] = self.depth[parent] + 1;
        let first = self.first_child[parent];
        self.next[node] = first;
        self.previous[node] = NONE;
        if first != NONE {
            self.previous[first] = node;
        }
        self.first_child[parent] = node;
    }

    fn unhang(&mut self, node: usize) {
        let (previous, next) = (self.previous[node], self.next[node]);
        if previous == NONE {
            self.first_child[self.parent[node]] = next;
        } else {
            self.next[previous] = next;
        }
        if next != NONE {
            self.previous[next] = previous;
        }
    }

    /// The node in which the ways from `a` and `b` to the root meet.
    pub(crate) fn meet(&self, mut a: usize, mut b: usize) -> usize {
        while a != b {
            if self.depth[a] >= self.depth[b] {
                a = self.parent[a];
            } else {
                b = self.parent[b];
            }
        }
        a
    }

    /// Cuts the subtree of `cut` off, makes its node `inside` its root, and hangs that on `outside` by `arc`.
    pub(crate) fn graft(&mut self, cut: usize, inside: usize, outside: usize, arc: usize, direction: i64) {
        let (mut node, mut above) = (inside, outside);
        let (mut by, mut way) = (arc, direction);
        loop {
            let (parent, old_arc, old_way) = (self.parent[node], self.arc[node], self.direction[node]);
            self.unhang(node);
            self.hang(node, above, by, way);
            if node == cut {
                return;
            }
            (above, by, way) = (node, old_arc, -old_way);
            node = parent;
        }
    }

    /// Visits the subtree of `top`, setting depths on the way.
    pub(crate) fn renew(&mut self, top: usize, mut visit: impl FnMut(usize)) {
        self.stack.push(top);
        while let Some(node) = self.stack.pop() {
            visit(node);
            self.depth[node] = self.depth[self.parent[node]] + 1;
            let mut child = self.first_child[node];
            while child != NONE {
                self.stack.push(child);
                child = self.next[child];
            }
        }
    }
}
