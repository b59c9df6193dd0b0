//! What plugs into the ports: model providers, caches, ledgers, the system's clock.
