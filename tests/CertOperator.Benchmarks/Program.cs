using System.CommandLine;
using CertOperator.Benchmarks;

RootCommand root = new("Measures the operator's own process on a real API server.")
{
    ScaleCommand.Create(),
    AcmeCommand.Create(),
    StartCommand.Create(),
    ScheduleCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
