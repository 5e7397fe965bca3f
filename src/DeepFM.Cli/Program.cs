using DeepFM.Cli;

return await CommandLine.RunAsync(args);
