using CertOperator.Testing.Processes;

namespace CertOperator.Testing.Cluster;

/// <summary>A server ended while it should have started; the message holds the end of its log.</summary>
public sealed class ServerEndedException(ServerProcess server)
    : Exception($"A server ended with status {server.ExitCode}: {string.Join('\n', server.ReadLog().Split('\n').TakeLast(20))}");
