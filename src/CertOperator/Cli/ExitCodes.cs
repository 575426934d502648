namespace CertOperator.Cli;

/// <summary>Exit statuses of the command line.</summary>
internal static class ExitCodes
{
    /// <summary>Everything is as asked for; also when watching was ended by Ctrl-C or SIGTERM.</summary>
    public const int Ok = 0;

    /// <summary>What was asked for was found not to be so: a Certificate or issuer that is not ready, a manifest that does not count, a chain with problems.</summary>
    public const int NotReady = 1;

    /// <summary>The command could not do its work: wrong options, no such folder, no connection, broken off before its end.</summary>
    public const int Failed = 2;
}
