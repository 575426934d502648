namespace CertOperator.Cli;

/// <summary>Exit statuses of the command line.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>What was asked for was found not to be so: a certificate that is not ready.</summary>
    public const int NotReady = 1;

    /// <summary>The command could not do its work: wrong options, no connection.</summary>
    public const int Failed = 2;
}
